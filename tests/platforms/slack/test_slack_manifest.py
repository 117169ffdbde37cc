"""The app manifest: made from the catalogue, valid, and asking for no more than is used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from bot.commands.catalogue import CATALOGUE
from bot.platforms.slack.doors import RESERVED, command_text, slash_of, top_names
from bot.platforms.slack.manifest import app_manifest, manifest_text
from tests.platforms.slack.conftest import SHARED

SCHEMA = SHARED / "specs" / "slack-manifest.schema.json"


def test_the_file_is_what_the_catalogue_gives(project_root: Path) -> None:
    assert (project_root / "manifest.yaml").read_text(encoding="utf-8") == manifest_text(CATALOGUE)
    assert yaml.safe_load(manifest_text(CATALOGUE)) == app_manifest(CATALOGUE)


def test_every_top_level_command_has_its_slash() -> None:
    slashes = {entry["command"] for entry in app_manifest(CATALOGUE)["features"]["slash_commands"]}
    assert slashes == {"/newsbot", *(slash_of(name) for name in top_names(CATALOGUE))}
    assert not {slash.removeprefix("/") for slash in slashes} & RESERVED


def test_every_command_of_the_catalogue_can_be_typed() -> None:
    for command in CATALOGUE:
        top, _, rest = command.name.partition(" ")
        assert command_text(slash_of(top), rest, CATALOGUE) == command.name


def test_the_manifest_keeps_to_the_published_limits() -> None:
    manifest = app_manifest(CATALOGUE)
    information = manifest["display_information"]
    assert len(information["name"]) <= 35
    assert len(information["description"]) <= 140
    assert len(manifest["features"]["slash_commands"]) <= 50
    for entry in manifest["features"]["slash_commands"]:
        assert set(entry) <= {"command", "description", "usage_hint", "should_escape"}
        assert 2 <= len(entry["command"]) <= 32
        assert 1 <= len(entry["description"]) <= 2000
        assert 1 <= len(entry.get("usage_hint", "x")) <= 1000


def test_no_scope_writes_anything_but_messages() -> None:
    scopes = app_manifest(CATALOGUE)["oauth_config"]["scopes"]
    assert set(scopes) == {"bot"}
    # The first one covers the status and the prompts of Slack's surface for agents, which needs it.
    assert [scope for scope in scopes["bot"] if "write" in scope] == ["assistant:write", "chat:write"]
    assert not any(scope.startswith(("admin", "files", "chat:write.")) for scope in scopes["bot"])


def test_the_surface_for_agents_keeps_to_its_limits_and_its_prompts_are_commands() -> None:
    surface = app_manifest(CATALOGUE)["features"]["agent_view"]
    assert set(surface) == {"agent_description", "suggested_prompts"}
    assert len(surface["agent_description"]) <= 300
    assert 1 <= len(surface["suggested_prompts"]) <= 4
    for prompt in surface["suggested_prompts"]:
        assert set(prompt) == {"title", "message"}
        assert prompt["message"].split()[0] in top_names(CATALOGUE)


def test_each_event_has_the_scope_it_needs() -> None:
    needed = {"app_mention": "app_mentions:read", "message.channels": "channels:history",
              "message.groups": "groups:history", "message.im": "im:history"}  # fmt: skip
    manifest = app_manifest(CATALOGUE)
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert {needed[event] for event in events if event in needed} <= set(manifest["oauth_config"]["scopes"]["bot"])


def test_the_manifest_fits_the_official_schema() -> None:
    if not SCHEMA.exists():
        pytest.skip("shared data: the official manifest schema is not here")
    jsonschema = pytest.importorskip("jsonschema")
    referencing = pytest.importorskip("referencing")
    schema = json.loads(SCHEMA.read_text())
    # The versioned halves lie elsewhere on the web; their rules are checked above, the frame's here.
    anything = referencing.Resource(contents={}, specification=referencing.jsonschema.DRAFT7)
    addresses = {part["$ref"] for branch in schema["oneOf"] for part in branch["allOf"] if "$ref" in part}
    registry = referencing.Registry().with_resources((address, anything) for address in addresses)
    validator = jsonschema.Draft7Validator(schema, registry=registry)
    assert validator.is_valid(app_manifest(CATALOGUE))
