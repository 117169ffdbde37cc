"""How stories are worded in every message: their lines and marks, where they come from, what changed, who disagrees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.messages.wording import PLANNED_TAG, byline_of, count_of, day_of
from bot.model import Article, Change, Citation, Conflict, Line, StoryBullet

# Sentences of one article, and articles, that a line's marks name; /story and the proof name all.
MAX_MARKS: Final = 3
# Sources named in one line; the rest is counted.
MAX_SOURCES: Final = 5
# Characters of a quotation inside a remark.
MAX_QUOTE_CHARS: Final = 160


def story_line(bullet: StoryBullet, *, alone: bool, texts: Mapping[str, Article] | None = None) -> Line:
    """Return a line of a story as it is shown, with the marks of the sentences it rests on.

    A mark is "s3", or "2:s3" when the story has several articles (`alone` is false): sentence 3 of its second article.
    With `texts`, the articles by id, the sentences follow as proof.
    """
    marks = [mark for citation in bullet.citations for mark in _marks(citation, alone=alone)]
    more = len(marks) - MAX_MARKS
    shown = (*marks[:MAX_MARKS], *([f"+{more}"] if more > 0 and texts is None else marks[MAX_MARKS:]))
    proof = [line for citation in bullet.citations for line in _proof(citation, texts, alone=alone)] if texts else ()
    return Line(text=line_text(bullet), marks=shown, proof=tuple(proof))


def line_text(bullet: StoryBullet) -> str:
    """Return a line with who says so, unless its text says it, and its tag when it is a plan."""
    remarks = []
    if bullet.attribution and bullet.attribution.casefold() not in bullet.text.casefold():
        remarks.append(bullet.attribution)
    if bullet.status == "planned":
        remarks.append(PLANNED_TAG)
    return f"{bullet.text} ({'; '.join(remarks)})" if remarks else bullet.text


def sources_text(articles: Sequence[Article]) -> str:
    """Return where a story comes from: one article with all that is known of it, several by number, source and day."""
    if len(articles) == 1:
        return byline_of(articles[0])
    numbers: dict[str, list[int]] = {}
    for number, article in enumerate(articles, start=1):
        numbers.setdefault(whence_of(article), []).append(number)
    if len(numbers) == 1:
        return " · ".join((count_of(len(articles), "article"), *numbers))
    named = [f"{_span_of(some)} {whence}" for whence, some in numbers.items()]
    unnamed = sum(map(len, list(numbers.values())[MAX_SOURCES:]))
    more = [f"and {count_of(unnamed, 'more article')}"] if unnamed else []
    return " · ".join((count_of(len(articles), "article"), *named[:MAX_SOURCES], *more))


def _span_of(numbers: Sequence[int]) -> str:
    """Return numbers in rising order as people write them: 1, 3, 5–8."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return ", ".join(f"{some[0]}–{some[-1]}" if len(some) > 2 else ", ".join(map(str, some)) for some in spans)


def whence_of(article: Article) -> str:
    """Return an article's source (its path when it names none) and its day."""
    day = day_of(article.published_at) if article.published_at else "undated"
    return f"{article.source or article.path}, {day}"


def change_text(change: Change) -> str:
    """Return what changed: the value before and after, and the line that was told, with its source and moment."""
    told = (
        f"told on {day_of(change.told_at)}: “{_shorten(change.told_text)}” ({change.told.source or change.told.path})"
    )
    if change.kind == "claim":
        return f"Changed: {told}"
    return f"Changed: {change.before} → {change.after}; {told}"


def conflict_text(conflict: Conflict) -> str:
    """Return who says what, side by side, in the sources' own words and with their days."""
    sides = (f"{side.value} — {_quoted(side.citation)}" for side in conflict.sides)
    return f"Sources disagree on {conflict.about}: {'; '.join(sides)}"


def conflict_sides(conflict: Conflict, *, alone: bool) -> tuple[Line, ...]:
    """Return a line for each side of a disagreement: the value, the quotation, its source and day."""
    return tuple(
        Line(text=f"{side.value} — {_quoted(side.citation)}", marks=tuple(_marks(side.citation, alone=alone)))
        for side in conflict.sides
    )


def conflict_marks(conflict: Conflict, *, alone: bool) -> tuple[str, ...]:
    """Return the marks of the sentences in which sources disagree."""
    return tuple(mark for side in conflict.sides for mark in _marks(side.citation, alone=alone))[:MAX_MARKS]


def _quoted(citation: Citation) -> str:
    day = f", {day_of(citation.published_at)}" if citation.published_at else ""
    return f"“{_shorten(citation.quote)}” ({citation.source or citation.path}{day})"


def _marks(citation: Citation, *, alone: bool) -> list[str]:
    return [f"s{index}" if alone else f"{citation.marker}:s{index}" for index in citation.sentences]


def _proof(citation: Citation, texts: Mapping[str, Article] | None, *, alone: bool) -> list[str]:
    article = (texts or {}).get(citation.article_id)
    if article is None:
        return []
    text_of = {sentence.index: sentence.text for sentence in article.sentences}
    marks = _marks(citation, alone=alone)
    return [
        f"{mark}: {text_of[index]}" for mark, index in zip(marks, citation.sentences, strict=True) if index in text_of
    ]


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_QUOTE_CHARS else flat[: MAX_QUOTE_CHARS - 1].rstrip() + "…"
