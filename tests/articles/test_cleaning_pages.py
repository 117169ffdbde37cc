"""Invented pages of many publishers' styles and languages, each line of which is marked with what it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.articles.cleaning import CleanedText, clean_text

PAGES = Path(__file__).parent / "fixtures" / "cleaning"
BULLETS = "•-* "


@dataclass(frozen=True)
class MarkedPage:
    """A page, the facts a reader takes from it, and the mark of every line (None for a blank one)."""

    facts: dict[str, str]
    marks: list[str | None]
    lines: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def marked(self, mark: str) -> list[str]:
        return [line.strip() for line, given in zip(self.lines, self.marks, strict=True) if given == mark]

    def numbers(self, mark: str) -> list[int]:
        return [number for number, given in enumerate(self.marks, start=1) if given == mark]


def read_page(path: Path) -> MarkedPage:
    head, _, body = path.read_text(encoding="utf-8").partition("---\n")
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in head.splitlines())}
    marks: list[str | None] = []
    lines: list[str] = []
    for row in body.rstrip("\n").split("\n"):
        mark, _, line = row.partition("|")
        marks.append(mark or None)
        lines.append(line)
    return MarkedPage(facts, marks, lines)


def check_page(page: MarkedPage, cleaned: CleanedText) -> dict[str, tuple[object, object]]:
    """Return what was found and what was wanted, by the name of each check."""
    wanted = page.facts
    body = [number for part in cleaned.paragraphs for number in range(part.first_line, part.last_line + 1)]
    published, modified = cleaned.published_at, cleaned.modified_at
    return {
        "title": (cleaned.title, wanted.get("title") or None),
        "deck": (cleaned.deck, wanted.get("deck") or None),
        "byline": (", ".join(cleaned.byline), wanted.get("byline", "")),
        "emails": (", ".join(cleaned.emails), wanted.get("emails", "")),
        "source": (cleaned.source or "", wanted.get("source", cleaned.source or "")),
        "published": (_show(published, cleaned.published_day_only), wanted.get("published", "")),
        "modified": (_show(modified, False), wanted.get("modified", "")),
        "key points": (" || ".join(cleaned.key_points), wanted.get("key_points", "")),
        "captions": (" || ".join(cleaned.captions), _without_caption_marks(wanted.get("captions", ""), cleaned)),
        "subheads": (" || ".join(cleaned.subheads), wanted.get("subheads", "")),
        "body": ([n for n in body if page.lines[n - 1].strip()], page.numbers("b")),
        "dropped": (sorted(set(page.numbers("x")) & set(body)), []),
    }


def _show(moment: object, day_only: bool) -> str:
    if moment is None:
        return ""
    shown = moment.isoformat(timespec="minutes")  # type: ignore[attr-defined]
    return shown[:10] if day_only else shown


def _without_caption_marks(wanted: str, cleaned: CleanedText) -> str:
    """Return the wanted captions as they stand on the page when the page marks them ("Image caption, ...")."""
    stated = list(cleaned.captions)
    pieces = wanted.split(" || ") if wanted else []
    shown = [next((text for text in stated if text.endswith(piece)), piece) for piece in pieces]
    return " || ".join(shown)


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.page")))
def test_a_page_of_another_publisher_gives_its_article_and_nothing_else(name: str) -> None:
    page = read_page(PAGES / f"{name}.page")
    checks = check_page(page, clean_text(page.text))
    assert {key: found for key, (found, _) in checks.items()} == {key: wanted for key, (_, wanted) in checks.items()}


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.page")))
def test_a_page_without_its_blank_lines_gives_the_same_article(name: str) -> None:
    page = read_page(PAGES / f"{name}.page")
    bare = clean_text("\r\n".join(line + " \u00a0" for line in page.lines if line.strip()))
    full = clean_text(page.text)
    assert " ".join(part.text for part in bare.paragraphs) == " ".join(part.text for part in full.paragraphs)
    assert (bare.title, bare.byline, bare.published_at) == (full.title, full.byline, full.published_at)


def test_a_whole_site_selected_and_pasted_gives_the_article_between_menus_and_teasers() -> None:
    sections = ("World", "Business", "Harbour", "Opinion", "Weather", "Obituaries", "Classified", "Jobs")
    menu = "\n".join(f"• {section}\n• More {section.lower()} news" for section in sections)
    teasers = "\n".join(
        f"{section}\nA headline about {section.lower()} that leads elsewhere\n"
        f"The first lines of another story about {section.lower()} stand here to make the reader click.\n2 hours ago"
        for section in sections
    )
    title = "Harbour bridge to close for eighteen months"
    article = (
        "The town council voted on Monday to close the old harbour bridge for eighteen months while its piers are "
        "rebuilt.",
        "Ferries will carry passengers across the water every ten minutes, the harbour office said, and bicycles "
        "travel free.",
        "Shopkeepers on the north bank fear that customers will stay away for good once the bridge has gone from "
        "the town.",
        "The mayor promised them lower rents until the autumn of next year, and a market on the quay every Saturday.",
    )
    head = f"Skip to content\nSearch\nLog in\n{menu}\nHome > Harbour\n{title}\nBy Ann Lee\n3 May 2026, 14:05"
    page = "\n".join((head, "Share on Facebook", *article, "Copyright 2026 Harrow Post", teasers, "Privacy Policy"))
    cleaned = clean_text(page)
    assert tuple(part.text for part in cleaned.paragraphs) == article
    assert (cleaned.title, cleaned.byline) == (title, ("Ann Lee",))
