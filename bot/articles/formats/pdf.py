"""PDF: the lines of its pages by PDFium; `layout` makes paragraphs of them, and the cleaner does the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.articles.formats.layout import CUT_MARK, Box, Line, join_pages
from bot.articles.formats.stated import read_line, read_moment
from bot.articles.raw import RawArticle, RawArticles
from bot.errors import BadArticle
from bot.text.lazy import compile_later

MAX_PAGES = 1_000
MAX_CHARS = 3_000_000  # a little more than an article may have, so that the reason given is the same
# PDFium leaves out the line break where a hyphen cuts a word, and gives one of these for the hyphen.
_LINE = compile_later("([^\n\x02\ufffe]+)([\x02\ufffe]?)")
_NO_TITLE = compile_later(
    r"(?i)(?:untitled|microsoft word|powerpoint|document\d*$|\(?anonymous\)?|.*\.(?:docx?|pdf|indd|qxd|pages|odt|tex)$)"
)
_PDF_DATE = compile_later(r"D:(\d{4})(\d{2})(\d{2})(\d{2})?(\d{2})?(\d{2})?(Z|[+-]\d{2})?'?(\d{2})?")


def read_pdf(data: bytes, path: str) -> RawArticles:
    """Return the article of a PDF.

    Raises: BadArticle when it is protected, damaged or has no text.
    """
    import pypdfium2  # loads a shared library

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise BadArticle("is protected by a password: save it without one", path=path) from error
        raise BadArticle("is a damaged PDF: save or download it again", path=path) from error
    try:
        if len(document) > MAX_PAGES:
            raise BadArticle(f"has {len(document)} pages, more than {MAX_PAGES}: save the article's pages", path=path)
        pages = _read_pages(document, path)
        properties = document.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        raise BadArticle("is a damaged PDF: save or download it again", path=path) from error
    finally:
        document.close()
    text, removed = join_pages(pages)
    if not text.strip():
        raise BadArticle("has no text in it, only pictures: save it with recognised text (OCR)", path=path)
    title = _title(properties.get("Title"))
    return RawArticles(
        [
            RawArticle(
                text=text,
                title_hint=title,
                modified_at=_pdf_moment(properties.get("ModDate") or properties.get("CreationDate")),
                removed=removed,
            )
        ]
    )


def _read_pages(document: Any, path: str) -> list[list[Line]]:
    pages: list[list[Line]] = []
    chars = 0
    for page in document:
        text_page = page.get_textpage()
        lines = _page_lines(text_page)
        text_page.close()
        page.close()
        chars += sum(len(line.text) for line in lines)
        if chars > MAX_CHARS:
            raise BadArticle(f"has more than {MAX_CHARS:,} characters: save the article's pages", path=path)
        pages.append(lines)
    return pages


def _page_lines(text_page: Any) -> list[Line]:
    """Return the lines of a page; their places are only known when PDFium counts characters as Python does."""
    text = text_page.get_text_range()
    placed = len(text) == text_page.count_chars()
    lines: list[Line] = []
    for part in _LINE.finditer(text):
        shown = part.group(1).strip()
        if not shown:
            continue
        cut = CUT_MARK if part.group(2) else ""
        first = part.start() + part.group(1).index(shown)
        box = _box(text_page, first, first + len(shown) - 1) if placed else None
        spaced = part.group(1).rstrip("\r").endswith(" ")
        lines.append(Line(shown.rstrip("-") + cut if cut else shown, box, spaced))
    return lines


def _box(text_page: Any, first: int, last: int) -> Box:
    """Return the place of a line by its first and last character."""
    left, bottom, _, top = text_page.get_charbox(first, loose=True)
    _, _, right, _ = text_page.get_charbox(last, loose=True)
    return Box(left=left, right=right, bottom=bottom, top=top)


def _title(stated: object) -> str | None:
    """Return the document's stated title when it is one: programs fill in the file's name or their own."""
    title = read_line(stated)
    if not title or len(title.split()) < 2 or _NO_TITLE.match(title):
        return None
    return title


def _pdf_moment(stamp: object) -> datetime | None:
    match = _PDF_DATE.match(stamp) if isinstance(stamp, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second, zone, zone_minutes = match.groups()
    offset = f"{zone}:{zone_minutes or '00'}" if zone and zone != "Z" else "Z"
    return read_moment(f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}{offset}")[0]
