"""From pasted text to a cleaned article: every non-blank line is a line of a paragraph or removed with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.articles.cleaning.blocks import Block, Label
from bot.articles.cleaning.bylines import names_outlet, read_owner
from bot.articles.cleaning.datelines import Dateline, read_dateline
from bot.articles.cleaning.dates import FoundDate
from bot.articles.cleaning.furniture import Furniture
from bot.articles.cleaning.heading import split_site_name
from bot.articles.cleaning.labelling import label_blocks
from bot.articles.cleaning.lines import SourceLine, join_wrapped, read_lines
from bot.articles.cleaning.page import Page
from bot.model import RemovedLine

# A byline or date may stand below the first paragraphs; what stands further down belongs to other articles.
_LEAD_BLOCKS = 4
# The lines of one byline stand together: a name each, roles and dates between them.
_BYLINE_BLOCKS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of the body; lines count from 1 in the file as it was read and are inclusive."""

    first_line: int
    last_line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanedText:
    """What a pasted text says. Datetimes keep the offset the text states, UTC when it states none.

    `published_at` is the only date of a page that states none but its last update. `published_day_only` says that no
    time of day stood there. `paragraphs` and `removed` together hold every non-blank line once, each in order.
    """

    title: str | None = None
    deck: str | None = None
    byline: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    source: str | None = None
    published_at: datetime | None = None
    published_day_only: bool = False
    modified_at: datetime | None = None
    key_points: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    subheads: tuple[str, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    removed: tuple[RemovedLine, ...] = ()


def clean_text(text: str, *, title_hint: str | None = None) -> CleanedText:
    """Return the cleaned article of a pasted text; with a known title, the line that repeats it is removed.

    Lines are those of `str.splitlines`.
    """
    lines = read_lines(text)
    blocks = join_wrapped(lines)
    page = label_blocks(blocks, title_hint)
    title, site = _read_title(page, title_hint)
    paragraphs = tuple(
        Paragraph(first_line=block.first_line, last_line=block.last_line, text=block.text)
        for block, label in zip(page.blocks, page.labels, strict=True)
        if label is Label.BODY
    )
    dateline = next((found for found in map(read_dateline, (part.text for part in paragraphs[:2])) if found), None)
    published, modified = _read_dates(page, dateline)
    names, emails = _read_authors(page, dateline)
    return CleanedText(
        title=title,
        deck=" ".join(_texts(page, Label.DECK)) or None,
        byline=names,
        emails=emails,
        source=_read_source(page, site, dateline),
        published_at=published.at if published else None,
        published_day_only=published.day_only if published else False,
        modified_at=modified.at if modified else None,
        key_points=tuple(block.unbulleted for block in _blocks(page, Label.KEY_POINT)),
        captions=_unique(_texts(page, Label.CAPTION)),
        subheads=tuple(_texts(page, Label.SUBHEAD)),
        paragraphs=paragraphs,
        removed=_list_removed(lines, page),
    )


def _blocks(page: Page, label: Label) -> list[Block]:
    return [block for block, given in zip(page.blocks, page.labels, strict=True) if given is label]


def _texts(page: Page, label: Label) -> list[str]:
    return [block.text for block in _blocks(page, label)]


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _read_title(page: Page, hint: str | None) -> tuple[str | None, str | None]:
    """Return the title without its site's name, and that name; a known title is kept as it is."""
    found = next(iter(_texts(page, Label.TITLE)), None)
    title, site = split_site_name(found) if found else (None, None)
    known = " ".join(hint.split()) if hint else ""
    return known or title, site


def _split_facts(page: Page) -> tuple[list[Furniture], list[Furniture]]:
    """Return what the lines above the article and at its beginning say of it, and those further down, in order."""
    body = [index for index, label in enumerate(page.labels) if label is Label.BODY]
    lead = body[0] + _LEAD_BLOCKS if body else 0
    placed = sorted(page.furniture.items())
    return [facts for index, facts in placed if index < lead], [facts for index, facts in placed if index >= lead]


def _says_little(facts: Furniture) -> bool:
    return not facts.is_labelled


def _read_authors(page: Page, dateline: Dateline | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the authors and their addresses; the byline above the article goes before those below it."""
    above, below = _split_facts(page)
    bylines = [facts.byline for facts in (*above, *below) if facts.byline is not None]
    first = next((byline for byline in bylines if byline.names), None)
    if first is None:
        names: tuple[str, ...] = (dateline.author,) if dateline is not None and dateline.author else ()
        return names, _unique(email for byline in bylines for email in byline.emails)
    position = {id(facts.byline): index for index, facts in page.furniture.items()}
    near = [byline for byline in bylines if abs(position[id(byline)] - position[id(first)]) <= _BYLINE_BLOCKS]
    names = _unique(name for byline in near for name in byline.names)
    signed = [byline for byline in bylines if byline in near or not byline.names or set(byline.names) <= set(names)]
    return names, _unique(email for byline in signed for email in byline.emails)


def _read_dates(page: Page, dateline: Dateline | None) -> tuple[FoundDate | None, FoundDate | None]:
    """Return the publication date, or the only date there is, and the modification date; labelled ones go first."""
    above, below = _split_facts(page)
    facts = [*sorted(above, key=_says_little), *sorted(below, key=_says_little)]
    published = next((fact.published for fact in facts if fact.published), None)
    modified = next((fact.modified for fact in facts if fact.modified), None)
    if published is None and modified is None and dateline is not None:
        published = dateline.date
    return published or modified, modified


def _read_source(page: Page, site: str | None, dateline: Dateline | None) -> str | None:
    """Return the source by how plainly it is stated: a source line, the site, the byline's paper, the dateline."""
    above, below = _split_facts(page)
    facts = [*above, *below]
    stated = next((fact.source for fact in facts if fact.source), None)
    paper = next((fact.byline.outlet for fact in facts if fact.byline and fact.byline.outlet), None)
    named = paper if paper and names_outlet(paper) else None
    owner = next((found for found in map(read_owner, _texts(page, Label.COPYRIGHT)) if found), None)
    return stated or site or named or (dateline.source if dateline else None) or paper or owner


def _list_removed(lines: list[SourceLine], page: Page) -> tuple[RemovedLine, ...]:
    reasons: dict[int, Label] = {}
    body: set[int] = set()
    for block, label in zip(page.blocks, page.labels, strict=True):
        numbers = range(block.first_line, block.last_line + 1)
        if label is Label.BODY:
            body.update(numbers)
        else:
            reasons.update((number, label or Label.AFTER_END) for number in numbers)
    return tuple(
        RemovedLine(line=line.number, text=line.text, reason=reasons.get(line.number, Label.HIDDEN).value)
        for line in lines
        if line.number not in body
    )
