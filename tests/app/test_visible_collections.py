"""A private collection exists for its workspaces only."""

from __future__ import annotations

from pathlib import Path

from bot.app.chat import visible_collections
from bot.settings import Settings


def settings_with(seeds: Path, private: dict[str, tuple[str, ...]]) -> Settings:
    for name in ("board", "sport"):
        (seeds / name).mkdir(parents=True)
    return Settings.model_construct(seeds_dir=seeds, private_collections=private)


def test_without_private_collections_everybody_sees_all(tmp_path: Path) -> None:
    assert visible_collections(settings_with(tmp_path, {}), "discord:1") is None


def test_a_private_collection_is_seen_by_its_workspace_and_by_no_other(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, {"board": ("discord:1",)})
    assert visible_collections(settings, "discord:1") is None
    assert visible_collections(settings, "slack:T1") == ("", "sport")
