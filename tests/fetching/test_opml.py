"""The list of feeds comes from OPML as feed readers write it, and from the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.fetching.opml import list_feeds

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Papers</title></head><body>
<outline text="Town"><outline type="rss" text="Courier" xmlUrl="https://courier.example/rss"/>
<outline type="rss" text="Wire" xmlurl=" https://wire.example/atom "/></outline>
<outline text="Again" xmlUrl="https://courier.example/rss"/><outline text="A folder"/></body></opml>"""


def test_folders_of_any_depth_are_read_and_each_feed_counts_once(tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(OPML)
    feeds = list_feeds(tmp_path / "feeds.opml", ["https://more.example/rss", "https://wire.example/atom"])
    assert feeds == ["https://courier.example/rss", "https://wire.example/atom", "https://more.example/rss"]


def test_without_the_file_only_the_settings_count(tmp_path: Path) -> None:
    assert list_feeds(tmp_path / "feeds.opml", []) == []
    assert list_feeds(tmp_path / "feeds.opml", ["https://a.example/rss"]) == ["https://a.example/rss"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not xml", "is not valid XML"),
        ("<opml><body>", "is not valid XML"),
        ("<html><body/></html>", "is XML, but not OPML"),
        ("", "is not valid XML"),
    ],
)
def test_a_file_that_is_no_opml_is_named_with_the_reason(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "feeds.opml").write_text(text)
    with pytest.raises(Misconfigured, match=said):
        list_feeds(tmp_path / "feeds.opml", [])


def test_entities_in_the_file_are_not_expanded(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("https://secret.example/rss")
    bomb = f'<!DOCTYPE opml [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]><opml><body><outline xmlUrl="https://a.example/"/>&x;</body></opml>'
    (tmp_path / "feeds.opml").write_text(bomb)
    assert list_feeds(tmp_path / "feeds.opml", []) == ["https://a.example/"]


def test_too_many_feeds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="more than the 2,000"):
        list_feeds(tmp_path / "feeds.opml", [f"https://{number}.example/rss" for number in range(2_001)])
