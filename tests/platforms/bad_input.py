"""What people type wrongly or may not type, the same for every door, and words that a helpful answer has in it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class BadInput:
    """A command with its values, and what the answer must say."""

    name: str
    values: dict[str, str]
    says: tuple[str, ...]
    is_admin: bool = True

    @property
    def text(self) -> str:
        """The command as it is typed."""
        return " ".join([self.name, *(f'{key}:"{value}"' for key, value in self.values.items())])


LONG_QUESTION = "why " * 1_250
"""5,000 characters."""

BAD_INPUT = {
    "a zone that is not on earth": BadInput(
        name="schedule add", values={"at": "08:00", "zone": "Mars/Olympus"}, says=("Mars/Olympus", "Europe/Berlin")
    ),
    "a misspelt zone": BadInput(
        name="schedule add", values={"at": "08:00", "zone": "Europe/Berln"}, says=("Europe/Berlin",)
    ),
    "a date for a time": BadInput(name="schedule add", values={"at": "2020-01-01 08:00"}, says=("2020-01-01", "08:00")),
    "a time that no clock shows": BadInput(name="schedule add", values={"at": "25:61"}, says=("25:61", "08:00")),
    "a date to come": BadInput(name="digest", values={"since": "2199-01-01"}, says=("2199-01-01",)),
    "a date of long ago": BadInput(name="digest", values={"since": "0017-01-01"}, says=("0017-01-01",)),
    "no date at all": BadInput(name="digest", values={"since": "someday"}, says=("someday", "24h")),
    "a question of 5,000 characters": BadInput(
        name="ask", values={"question": LONG_QUESTION}, says=("2,000", "characters"), is_admin=False
    ),
    "an empty question": BadInput(name="ask", values={"question": " "}, says=("question",), is_admin=False),
    "a schedule of another server": BadInput(name="schedule pause", values={"id": "f0e1"}, says=("no schedule",)),
    "a story that is not there": BadInput(name="story", values={"name": "#987654"}, says=("#987654",)),
    "an article that is not there": BadInput(name="article", values={"name": "nowhere.txt"}, says=("nowhere.txt",)),
    "a collection that is not there": BadInput(
        name="schedule add", values={"at": "08:00", "collections": "moon"}, says=("moon",)
    ),
    "a schedule by a reader": BadInput(
        name="schedule add", values={"at": "08:00"}, says=("for admins",), is_admin=False
    ),
    "a filter by a reader": BadInput(name="filter list", values={}, says=("for admins",), is_admin=False),
}
"""Each is refused; nothing of it is carried out."""

EMPTY_ARCHIVE = {
    "digest": BadInput(name="digest", values={}, says=("no articles yet",)),
    "ask": BadInput(name="ask", values={"question": "Who opened the bridge?"}, says=("no articles yet",)),
    "search": BadInput(name="search", values={"words": "bridge"}, says=("no articles yet",)),
    "story": BadInput(name="story", values={"name": "bridge"}, says=("no articles yet",)),
    "timeline": BadInput(name="timeline", values={"topic": "bridge"}, says=("no articles yet",)),
    "why": BadInput(name="why", values={"story": "bridge"}, says=("no articles yet",)),
    "article": BadInput(name="article", values={"name": "bridge"}, says=("no articles yet",)),
    "schedule preview": BadInput(name="schedule preview", values={}, says=("no schedules yet",)),
    "status": BadInput(name="status", values={}, says=("0 articles",)),
}
"""What each command says before the first article has been read."""

NO_MATCH = {
    "digest": BadInput(name="digest", values={"topic": "volcanoes"}, says=("/digest since:7d", "search")),
    "ask": BadInput(name="ask", values={"question": "Which volcano erupted in Zorvia?"}, says=("I have read",)),
    "search": BadInput(name="search", values={"words": "zorvia volcano"}, says=("zorvia volcano",)),
    "story": BadInput(name="story", values={"name": "zorvia volcano"}, says=("zorvia volcano",)),
    "timeline": BadInput(name="timeline", values={"topic": "zorvia volcano"}, says=("zorvia volcano",)),
    "why": BadInput(name="why", values={"story": "zorvia volcano"}, says=("zorvia volcano",)),
    "article": BadInput(name="article", values={"name": "zorvia volcano"}, says=("zorvia volcano",)),
}
"""What each command says when nothing that was read is about it."""
