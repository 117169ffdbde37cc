"""How newsbot words things in every message: bullets with their attribution, dates, sizes, counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from bot.model import Article, Bullet, Line, Summary

PLANNED_TAG = "planned"
CLAIM_TAG = "claim"


def line_of(bullet: Bullet, *, proof: tuple[str, ...] = ()) -> Line:
    """Return a bullet as it is shown: its text, who says so unless the text says it, and its sentence marks."""
    return Line(text=bullet_text(bullet), marks=tuple(f"s{index}" for index in bullet.sentences), proof=proof)


def bullet_text(bullet: Bullet) -> str:
    """Return the bullet's text with its attribution, which is always shown, and its tag when it is a plan."""
    text = bullet.text
    remarks = []
    if bullet.attribution and bullet.attribution.casefold() not in text.casefold():
        remarks.append(bullet.attribution)
    if bullet.status == "planned":
        remarks.append(PLANNED_TAG)
    return f"{text} ({'; '.join(remarks)})" if remarks else text


def note_of(summary: Summary) -> str:
    """Return what has to be said of how a summary came about; only for one with a note."""
    note = summary.note or ""
    return f"Extractive summary: {note}" if summary.writer == "extractive" else f"Of this summary, {note}"


def headline_of(article: Article, summaries: Mapping[str, Summary]) -> str:
    """Return what an article is called: its title, or the headline its summary gave it, or its path."""
    summary = summaries.get(article.id)
    return article.title or (summary.headline if summary else article.path)


def byline_of(article: Article) -> str:
    """Return where an article comes from: source, date, author, path; what is unknown is left out or said."""
    parts = [
        article.source,
        day_of(article.published_at) if article.published_at else "undated",
        ", ".join(article.byline) or None,
        article.path,
    ]
    return " · ".join(part for part in parts if part)


def day_of(moment: date) -> str:
    """Return a calendar day such as 22 Jan 2024, of a moment in its own zone."""
    return f"{moment.day} {moment:%b %Y}"


def minute_of(moment: datetime) -> str:
    """Return a moment such as Sat 21 Nov 2026, 18:02 UTC, in its own zone."""
    return f"{moment:%a} {day_of(moment)}, {moment:%H:%M %Z}"


def cut_at_word(text: str, *, kept: int) -> str:
    """Return the beginning of a longer text, whole words of `kept` characters at most, with an ellipsis."""
    return text[:kept].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def count_of(number: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun: 1 article, 12,000 articles."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
