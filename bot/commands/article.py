"""One article as it was read: its clean text, the file itself, or every line that was taken out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar, get_args

from bot.commands.actions import read_number, unknown_action
from bot.commands.context import Context
from bot.commands.declaring import Help
from bot.commands.finding import article_of_number, find_article, label_of
from bot.errors import NotFound
from bot.messages.wording import byline_of, count_of, minute_of
from bot.model import Article, Block, Button, Buttons, Heading, Link, Links, Message, Paragraph, Table
from bot.text.normalizing import normalize

Item = TypeVar("Item")
View = Literal["clean", "raw", "removed"]
VIEWS: tuple[View, ...] = get_args(View)

PAGE_CHARS = 3_000
"""Characters of text on one page: fits one message of either platform with its headings."""

MAX_CELL_CHARS = 400
"""Characters of a removed line that are shown; a line of a page's code may have a million."""

MAX_PARAGRAPH_CHARS = 1_500
"""Characters of one paragraph before it is shown as two: a text without line breaks has to be paged, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleArguments:
    """What `/article` takes."""

    name: Annotated[str, Help("Its headline, path or number (#12)", complete="articles")]
    view: Annotated[View, Help("The clean text, the file as it is, or the lines taken out and why")] = "clean"


async def show_article(arguments: ArticleArguments, context: Context) -> Message:
    """Return the first page of the article in this view. Raises: NotFound, which names the nearest."""
    article = await find_article(arguments.name, context)
    return await _page(article, arguments.view, 0, context)


async def turn_page(arguments: str, context: Context) -> Message:
    """Return the page that a button `<seq>:<view>:<page>` names. Raises: NotFound, BadRequest."""
    seq, _, rest = arguments.partition(":")
    view, _, page = rest.partition(":")
    article = await article_of_number(read_number(seq), context)
    wanted = next((known for known in VIEWS if known == view), None)
    if wanted is None:
        raise unknown_action()
    return await _page(article, wanted, read_number(page), context)


async def _page(article: Article, view: View, page: int, context: Context) -> Message:
    if view == "removed":
        pages = _pages_of_removed(article)
        empty = "Nothing was taken out of this article."
    elif view == "clean":
        pages = _pages_of_text(_clean_paragraphs(article))
        empty = "This article has no text."
    else:
        pages = _pages_of_text(await _raw_paragraphs(article, context))
        empty = "The file is empty."
    shown = min(page, max(len(pages) - 1, 0))
    blocks: list[Block] = [Heading(text=label_of(article)), *_about(article, view)]
    blocks.extend(pages[shown] if pages else [Paragraph(text=empty)])
    if len(pages) > 1:
        blocks.append(Paragraph(text=f"Page {shown + 1} of {len(pages)}", quiet=True))
    blocks.append(_buttons(article, view, shown, len(pages)))
    return Message(blocks=tuple(blocks))


def _about(article: Article, view: View) -> list[Block]:
    blocks: list[Block] = [Paragraph(text=byline_of(article), quiet=True)]
    if view == "clean":
        if article.deck:
            blocks.append(Paragraph(text=article.deck))
        if article.modified_at:
            blocks.append(Paragraph(text=f"Changed by its source on {minute_of(article.modified_at)}.", quiet=True))
        if article.url:
            blocks.append(Links(links=(Link(text=article.source or article.url, url=article.url),)))
    if view == "removed" and article.removed:
        blocks.append(Paragraph(text=f"Taken out of the file: {count_of(len(article.removed), 'line')}."))
    return blocks


def _clean_paragraphs(article: Article) -> list[str]:
    return [*(f"• {point}" for point in article.key_points), *article.paragraphs]


async def _raw_paragraphs(article: Article, context: Context) -> list[str]:
    if context.read_file is None:
        raise NotFound(
            "The file itself can't be read from here; view:clean shows its text, view:removed what was taken out of it."
        )
    text = normalize(await context.read_file(article.path))
    return [line for line in text.split("\n") if line.strip()]


def _pages_of_text(paragraphs: Sequence[str]) -> list[list[Block]]:
    pieces = [piece for paragraph in paragraphs for piece in _pieces(paragraph)]
    return [[Paragraph(text=piece) for piece in page] for page in _fill(pieces, [len(piece) for piece in pieces])]


def _pages_of_removed(article: Article) -> list[list[Block]]:
    rows = [(str(line.line), _cell(line.text), line.reason) for line in article.removed]
    columns = ("line", "text", "why it was taken out")
    pages = _fill(rows, [sum(len(cell) for cell in row) for row in rows])
    return [[Table(columns=columns, rows=tuple(page))] for page in pages]


def _fill(items: Sequence[Item], lengths: Sequence[int]) -> list[list[Item]]:
    pages: list[list[Item]] = []
    left = 0
    for item, length in zip(items, lengths, strict=True):
        if length > left or not pages:
            pages.append([])
            left = PAGE_CHARS
        pages[-1].append(item)
        left -= length
    return pages


def _pieces(paragraph: str) -> list[str]:
    pieces: list[str] = []
    rest = paragraph.strip()
    while len(rest) > MAX_PARAGRAPH_CHARS:
        cut = rest.rfind(" ", MAX_PARAGRAPH_CHARS // 2, MAX_PARAGRAPH_CHARS)
        end = cut if cut != -1 else MAX_PARAGRAPH_CHARS
        pieces.append(rest[:end])
        rest = rest[end:].lstrip()
    return [*pieces, rest] if rest else pieces


def _cell(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_CELL_CHARS else f"{flat[:MAX_CELL_CHARS]}… ({len(flat):,} characters)"


def _buttons(article: Article, view: View, page: int, pages: int) -> Buttons:
    seq = article.ingested_seq
    buttons = []
    if page + 1 < pages:
        buttons.append(Button(label="Next page", action=f"page:article:{seq}:{view}:{page + 1}", style="primary"))
    labels: dict[View, str] = {"clean": "Clean text", "removed": f"Taken out ({len(article.removed)})"}
    buttons.extend(
        Button(label=label, action=f"page:article:{seq}:{other}:0") for other, label in labels.items() if other != view
    )
    buttons.append(Button(label="Summary with proof", action=f"proof:{seq}"))
    buttons.append(Button(label="Ask", action="ask"))
    return Buttons(buttons=tuple(buttons))
