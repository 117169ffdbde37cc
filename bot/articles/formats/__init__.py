"""What a file is, and the items it holds: the kind by its extension, checked against its first bytes.

A file that is something else than its name says is read as what it is when that is safe to tell (a PDF named .txt),
and refused with a clear sentence otherwise.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from bot.articles.raw import Feed, ItemProblem, RawArticle, RawArticles
from bot.errors import BadArticle
from bot.text.lazy import compile_later

KINDS = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".eml": "eml", ".json": "json", ".jsonl": "jsonl",
    ".ndjson": "jsonl", ".xml": "feed", ".rss": "feed", ".atom": "feed",
}  # fmt: skip
READABLE = "txt, md, html, pdf, docx, eml, json, jsonl or RSS/Atom xml"
SNIFFED_BYTES = 4096  # a PDF's mark may follow other bytes, a page's doctype a comment

# What files begin with that are no text. Source: the formats' specifications; `file` (1) lists the same marks.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "a PNG picture"), (b"\xff\xd8\xff", "a JPEG picture"), (b"GIF8", "a GIF picture"),
    (b"BM", "a bitmap picture"), (b"II*\0", "a TIFF picture"), (b"MM\0*", "a TIFF picture"), (b"RIFF", "a media file"),
    (b"OggS", "a sound file"), (b"ID3", "a sound file"), (b"fLaC", "a sound file"), (b"\x1aE\xdf\xa3", "a video"),
    (b"MZ", "a Windows program"), (b"\x7fELF", "a program"), (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"), (b"\0asm", "a program"), (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"), (b"\xfd7zXZ\0", "an xz archive"), (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"), (b"\x28\xb5\x2f\xfd", "a zstd archive"), (b"SQLite format 3\0", "a database"),
    (b"wOFF", "a font"), (b"wOF2", "a font"), (b"{\\rtf", "an RTF document"), (b"%!PS", "a PostScript document"),
)  # fmt: skip
_SHORT_SIGNATURES = (b"BM", b"MZ", b"ID3")  # also how a text may begin: they count only before bytes that are no text
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PROLOGUE = rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:[^-]|-(?!->)){0,3000}-->\s*){0,5}"
_HTML_START = compile_later(_PROLOGUE + rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FEED_START = compile_later(
    _PROLOGUE + rb"(?:<\?[^>]{0,300}>\s*){0,5}(?:<!doctype[^>\[]{0,300}>\s*)?<(?:rss|feed|rdf:RDF)\b", re.IGNORECASE
)
_XML_START = compile_later(rb"(?:\xef\xbb\xbf)?\s*<\?xml\b")


def parse_file(data: bytes, path: str) -> RawArticles:
    """Return the items of a file in its order; an item that can't be read is among the result's `problems`.

    Raises: BadArticle when nothing of the file can be read; its message is a sentence without subject ("is empty").
    """
    return _parse(data, path, attachments=True)


def _parse(data: bytes, path: str, *, attachments: bool) -> RawArticles:
    kind = recognise_kind(data, path)
    try:
        found = _read(kind, data, path, attachments=attachments)
    except RecursionError as error:
        raise BadArticle("is nested too deeply to be read: save it in a simpler form", path=path) from error
    if not found:
        raise BadArticle(_why_nothing(found.problems), path=path)
    return found


def list_feed(data: bytes, path: str) -> Feed:
    """Return what a feed announces; what was fetched has no file name to go by, only its first bytes.

    Raises: BadArticle saying what it is instead.
    """
    head = data[:SNIFFED_BYTES]
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise BadArticle("is empty", path=path)
    if _HTML_START.match(head) and not _FEED_START.match(head):
        raise BadArticle("is a web page, not a feed: give the address of the feed itself", path=path)
    if b"<" not in head:
        raise BadArticle("is neither an RSS nor an Atom feed", path=path)
    from bot.articles.formats.feeds import list_entries

    return list_entries(data, path)


def recognise_kind(data: bytes, path: str) -> str:
    """Return the kind of reader the file needs, by its extension and its first bytes.

    Raises: BadArticle for an unknown extension, an empty file and bytes that belong to no readable kind.
    """
    suffix = PurePosixPath(path).suffix.lower()
    named = KINDS.get(suffix)
    head = data[:SNIFFED_BYTES]
    foreign = _foreign_kind(head)
    if suffix and named is None:
        what = f"is {foreign}" if foreign else f"has the extension {suffix}"
        raise BadArticle(f"{what}, which is not a kind that is read: save it as {READABLE}", path=path)
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise BadArticle("is empty", path=path)
    if foreign:
        raise BadArticle(f"is {foreign}, not an article: save its text as {READABLE}", path=path)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(_ZIP):
        return _zip_kind(named, data, path)
    if head.startswith(_OLE):
        raise BadArticle(_why_not_ole(data), path=path)
    if named in ("pdf", "docx") and not _HTML_START.match(head):
        said = "a PDF" if named == "pdf" else "a Word document"
        raise BadArticle(f"is not {said}, although its name says so: it may be damaged, save it again", path=path)
    return _text_kind(named, head, path)


def _foreign_kind(head: bytes) -> str | None:
    """Return what the file is when it begins like something that holds no article."""
    if head[4:8] == b"ftyp":
        return "a video"
    for mark, name in _SIGNATURES:
        if head.startswith(mark) and (mark not in _SHORT_SIGNATURES or b"\0" in head):
            return name
    return None


def _zip_kind(named: str | None, data: bytes, path: str) -> str:
    if named == "docx" or b"word/" in data:  # entry names are stored as they are
        return "docx"
    raise BadArticle("is a zip archive, not an article: unpack it into the folder", path=path)


def _why_not_ole(data: bytes) -> str:
    if _ENCRYPTED_PACKAGE in data:
        return "is protected by a password: save it without one"
    return "is an old Office document: save it as docx"


def _text_kind(named: str | None, head: bytes, path: str) -> str:
    """Return the reader of a file of text: pages and feeds are told by how they begin, whatever their name."""
    if _FEED_START.match(head) and named != "eml":
        return "feed"
    if _HTML_START.match(head) and named not in ("eml", "json", "jsonl"):
        return "html"
    if named == "feed" and not _XML_START.match(head) and b"\0" not in head and b"<" not in head:
        raise BadArticle("is not XML, although its name says so", path=path)
    if named == "html" and b"<" not in head and b"\0" not in head:
        return "text"
    return named or "text"


def _parse_attachment(data: bytes, name: str) -> RawArticles:
    """Return the items of an e-mail's attachment; of an e-mail inside an e-mail, the text only."""
    return _parse(data, name, attachments=False)


def _read(kind: str, data: bytes, path: str, *, attachments: bool) -> RawArticles:
    """Run one reader; each is imported when first used, because most bring a heavy library."""
    match kind:
        case "text":
            from bot.articles.formats.text import read_text

            return read_text(data, path)
        case "markdown":
            from bot.articles.formats.markdown import read_markdown

            return read_markdown(data, path)
        case "html":
            from bot.articles.formats.page import read_page

            return read_page(data, path)
        case "pdf":
            from bot.articles.formats.pdf import read_pdf

            return read_pdf(data, path)
        case "docx":
            from bot.articles.formats.docx import read_docx

            return read_docx(data, path)
        case "eml":
            from bot.articles.formats.eml import read_eml

            return read_eml(data, path, read_attachment=_parse_attachment if attachments else None)
        case "json" | "jsonl":
            from bot.articles.formats.jsondata import read_json, read_json_lines

            return read_json(data, path) if kind == "json" else read_json_lines(data, path)
        case _:
            from bot.articles.formats.feeds import read_feed

            return read_feed(data, path)


def _why_nothing(problems: tuple[ItemProblem, ...]) -> str:
    if not problems:
        return "has no article in it"
    first = problems[0]
    if len(problems) == 1:
        return f"has no article that can be read: item {first.item} {first.reason}"
    return f"has no article that can be read: item {first.item} {first.reason}, and {len(problems) - 1} more like it"


__all__ = ["KINDS", "RawArticle", "RawArticles", "list_feed", "parse_file", "recognise_kind"]
