"""Word documents: mammoth turns them to HTML (it keeps tracked insertions and content controls), which becomes text.

A .docx is a zip of XML, so both bombs are possible: the sizes the archive declares are checked before anything is
unpacked (zipfile never unpacks more than declared), and a part that defines entities is refused.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from typing import IO, Any
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

from bot.articles.formats.markup import strip_tags
from bot.articles.formats.stated import read_line, read_moment
from bot.articles.raw import RawArticle, RawArticles
from bot.errors import BadArticle
from bot.model import RemovedLine
from bot.text.lazy import compile_later

MAX_XML_BYTES = 24 * 1024 * 1024  # of one part: the text of ten books; its tree takes some thirty times as much
MAX_TOTAL_BYTES = 512 * 1024 * 1024  # of all parts, pictures included, which are never unpacked
MAX_RATIO = 250  # Word's XML packs 10 to 60 times
RATIO_FROM_BYTES = 1024 * 1024  # small parts may pack as they like
MAX_PARTS = 5_000
MAX_CELL_CHARS = 60  # cells that are all shorter hold figures; longer ones are paragraphs laid out in a table
_CORE = "docProps/core.xml"
_ENTITIES = ("<!DOCTYPE", "<!ENTITY")
_STYLES = "p[style-name='Title'] => h1.title:fresh\np[style-name='Subtitle'] => h2.deck:fresh"
_HEADING_OR_ROW = compile_later(r"<h([1-6])([^>]*)>(.*?)</h\1>|<tr>(.*?)</tr>", re.DOTALL)
_CELL_END = compile_later(r"</t[dh]>")
_NOTES = compile_later(r'<ol><li id="[^"]{0,40}(?:foot|end)note-')
_NOTE_MARK = compile_later(r'<sup><a href="#[^"]{0,40}(?:foot|end)note-[^>]{0,200}>[^<]{0,20}</a></sup>')
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_NO_TITLE = compile_later(r"(?i)(?:untitled|word document|document\d*$|.*\.docx?$)")


# What zipfile, expat and mammoth raise on broken archives, broken XML and XML that is not what Word writes.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    NotImplementedError,
)


def read_docx(data: bytes, path: str) -> RawArticles:
    """Return the article of a Word document.

    Raises: BadArticle when it is damaged, or unpacks to more than a document can hold.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_parts(archive, path)
            properties = _properties(archive)
        markup = _to_html(data)
    except _DAMAGE as error:
        raise BadArticle("is a damaged Word document: save or download it again", path=path) from error
    return RawArticles([_raw_of(markup, properties)])


def _check_parts(archive: zipfile.ZipFile, path: str) -> None:
    """Refuse an archive by what it declares, then XML parts by what they define."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_TOTAL_BYTES:
        raise BadArticle("unpacks to more than a document can hold: it may be a zip bomb", path=path)
    for part in parts:
        if not part.filename.endswith((".xml", ".rels")):
            continue
        swollen = part.file_size > RATIO_FROM_BYTES and part.file_size > part.compress_size * MAX_RATIO
        if part.file_size > MAX_XML_BYTES or swollen:
            raise BadArticle("unpacks to more than a document can hold: it may be a zip bomb", path=path)
        if part.flag_bits & 1:
            raise BadArticle("is protected by a password: save it without one", path=path)
        content = archive.read(part)
        if any(mark.encode(name) in content for mark in _ENTITIES for name in ("ascii", "utf-16-le", "utf-16-be")):
            raise BadArticle("defines XML entities, which can expand without end: save it again from Word", path=path)
    if "word/document.xml" not in archive.namelist() and "_rels/.rels" not in archive.namelist():
        raise BadArticle("is a zip archive, but not a Word document", path=path)


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    if _CORE not in archive.namelist():
        return {}
    try:
        root = ElementTree.fromstring(archive.read(_CORE))  # noqa: S314  entities were refused before
    except (ElementTree.ParseError, ValueError, LookupError):  # they are only hints
        return {}
    return {child.tag: child.text for child in root if child.text}


def _to_html(data: bytes) -> str:
    import mammoth  # slow to import

    converter: Any = mammoth
    source: IO[bytes] = BytesIO(data)
    result = converter.convert_to_html(source, style_map=_STYLES, convert_image=_without_picture)
    return str(result.value)


def _without_picture(image: object) -> list[object]:
    """Return what stands for a picture: nothing; its bytes are never unpacked."""
    return []


def _raw_of(markup: str, properties: dict[str, str]) -> RawArticle:
    """Return the document's text, headings apart: one of the first level that nothing precedes is the title."""
    title: str | None = None
    deck: str | None = None
    subheads: list[str] = []
    removed: list[RemovedLine] = []
    parts: list[str] = []
    markup, notes = _without_notes(markup)
    position = 0
    for match in _HEADING_OR_ROW.finditer(markup):
        parts.append(_separated(markup[position : match.start()]))
        position = match.end()
        if match.group(1) is None:
            row = _table_row(match.group(4))
            if row is None:
                parts.append(_separated(match.group(4)))
            elif row:
                removed.append(RemovedLine(line=_line_number(parts), text=row, reason="table"))
            continue
        text = read_line(strip_tags(match.group(3)))
        if not text:
            continue
        line = _line_number(parts)
        parts.append("\n\n")
        nothing_before = not "".join(parts).strip()
        if title is None and nothing_before and match.group(1) == "1":
            title = text
            reason = "title"
        elif "deck" in match.group(2) and nothing_before:
            deck = text
            reason = "deck"
        else:
            subheads.append(text)
            reason = "subhead"
        removed.append(RemovedLine(line=line, text=text, reason=reason))
    parts.append(_separated(markup[position:]))
    below = _line_number(parts)
    removed += [RemovedLine(line=below, text=note, reason="footnote") for note in notes]
    stated = read_line(properties.get(f"{_DUBLIN_CORE}title"))
    return RawArticle(
        text="".join(parts),
        title=title,
        title_hint=stated if stated and len(stated.split()) > 1 and not _NO_TITLE.match(stated) else None,
        deck=deck,
        modified_at=read_moment(properties.get(f"{_TERMS}modified"))[0],
        subheads=tuple(subheads),
        removed=tuple(removed),
    )


def _line_number(parts: list[str]) -> int:
    return sum(part.count("\n") for part in parts) + 1


def _table_row(markup: str) -> str | None:
    """Return the cells of a row of figures or words as one line, None when the row holds paragraphs."""
    cells = [" ".join(strip_tags(cell).split()) for cell in _CELL_END.split(markup)]
    if any(len(cell) > MAX_CELL_CHARS for cell in cells):
        return None
    return " | ".join(filter(None, cells))


def _without_notes(markup: str) -> tuple[str, list[str]]:
    """Return the document without footnotes, which mammoth lists at the end, and their marks; and the notes."""
    start = _NOTES.search(markup)
    if start is None:
        return markup, []
    notes = _separated(markup[start.start() :].replace("\u2191", "")).split("\n")
    return _NOTE_MARK.sub("", markup[: start.start()]), [note.strip() for note in notes if note.strip()]


def _separated(markup: str) -> str:
    """Return the text with a blank line after each paragraph, list item and table cell."""
    return strip_tags(markup.replace("</p>", "\n\n").replace("</li>", "\n\n").replace("<br />", " "))
