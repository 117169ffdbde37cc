"""Commands as text: names, quotes, named and positional values, and slips."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from bot.commands.catalogue import CATALOGUE
from bot.commands.declaring import Command, bind
from bot.commands.parsing import parse_command
from bot.errors import BadRequest, NotFound


def parsed(text: str) -> tuple[str, dict[str, object]]:
    command, values = parse_command(text)
    return command.name, values


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("digest", "digest", {}),
        ("/DIGEST 24h", "digest", {"since": "24h"}),
        ("digest 24h harbour ferry", "digest", {"since": "24h", "topic": "harbour ferry"}),
        ("digest since: 7d topic: ferry", "digest", {"since": "7d", "topic": "ferry"}),
        ("digest topic:ferry", "digest", {"topic": "ferry"}),
        ('digest topic:"harbour, ferry" since:7d', "digest", {"topic": "harbour, ferry", "since": "7d"}),
        ("digest topic:“harbour, ferry”", "digest", {"topic": "harbour, ferry"}),
        ("digest topic:«harbour, ferry»", "digest", {"topic": "harbour, ferry"}),
        ("ask what's new in Vessa?", "ask", {"question": "what's new in Vessa?"}),
        ("ask  what\nis   new", "ask", {"question": "what is new"}),
        ("ask at 09:30 what: nothing? since:7d", "ask", {"question": "at 09:30 what: nothing?", "since": "7d"}),
        ('ask he said "hello', "ask", {"question": 'he said "hello'}),
        ('ask "since:7d is text"', "ask", {"question": "since:7d is text"}),
        ("search https://paper.example/a", "search", {"words": "https://paper.example/a"}),
        ("article Harbour tunnel view:removed", "article", {"name": "Harbour tunnel", "view": "removed"}),
        (
            'schedule add 08:00 zone:Europe/Berlin topics:"harbour, ferry"',
            "schedule add",
            {"at": "08:00", "zone": "Europe/Berlin", "topics": "harbour, ferry"},
        ),
        ("schedule  Add 08:00 18:30 weekdays", "schedule add", {"at": "08:00 18:30 weekdays"}),
        ("schedule\nremove 3f9a", "schedule remove", {"id": "3f9a"}),
        ("filter exclude horoscope, lottery", "filter exclude", {"words": "horoscope, lottery"}),
        ("help schedule add", "help", {"command": "schedule add"}),
        ("search 항구 도시", "search", {"words": "항구 도시"}),
    ],
)
def test_a_command_is_read_from_text(text: str, name: str, values: dict[str, object]) -> None:
    assert parsed(text) == (name, values)


@pytest.mark.parametrize("command", CATALOGUE, ids=lambda command: command.name)
def test_every_example_is_read_as_its_own_command(command: Command) -> None:
    found, values = parse_command(command.example)
    assert found is command
    bind(command, values)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("schedule add 8:00 zon:UTC", "Did you mean zone:UTC?"),
        ("digest since:7d since:8d", "since is given twice"),
        ("status now", "It takes no arguments"),
        ("search " + "x" * 7_000, "has 7,007 characters; use at most 6,000"),
    ],
)
def test_a_slip_is_refused_with_what_was_meant(text: str, sentence: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        parse_command(text)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("text", ["schedule", "filter", "schedule frobnicate", "nothing of this kind", "ask\x00me"])
def test_what_is_no_command_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        parse_command(text)


@pytest.mark.parametrize("piece", ['"', "“", 'a:"', "since:", '" ', "«", "x "])
def test_a_hostile_text_is_read_in_linear_time(piece: str) -> None:
    text = "ask " + piece * (5_900 // len(piece))
    began = time.process_time()
    with suppress(BadRequest):
        parse_command(text)
    assert time.process_time() - began < 1.0
