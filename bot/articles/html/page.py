"""One HTML page as a tree: its encoding found, parsed once; everything else in this package shares the tree.

Nothing is ever fetched: the tree is made from the bytes at hand, and links in it are only read as text.
"""

from __future__ import annotations

import codecs
import re

from lxml import etree
from lxml.html import HTMLParser, HtmlElement

from bot.errors import BadArticle

# Where browsers look for `<meta charset>`: the first 1024 bytes (HTML standard, "prescan a byte stream"); pages of
# publishers put long scripts first, so look further.
_PRESCAN_BYTES = 16_384
_META_CHARSET = re.compile(rb"""<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s{0,8}=\s{0,8}["']?\s{0,8}([\w.:-]{2,40})""", re.I)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# Labels that pages use for encodings whose real content is a superset (WHATWG Encoding Standard, "names and labels").
_SUPERSETS = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "tis-620": "cp874",
}

# Bytes shown to the detector: enough to tell, and little enough to be quick.
_DETECT_BYTES = 65_536

_TAG_START = re.compile(rb"<[a-zA-Z!?/]")


def parse_page(html: bytes | str) -> HtmlElement:
    """Return the root element of a page.

    Raises:
        BadArticle: the input holds no markup that can be read.
    """
    data = to_utf8(html)
    if not data.strip():
        raise BadArticle("The HTML file is empty.")
    parser = HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True, recover=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadArticle("The HTML file can't be read: its markup is broken.") from error
    if root is None:
        raise BadArticle("The HTML file holds no readable markup.")
    return root


def to_utf8(html: bytes | str) -> bytes:
    """Return the page as UTF-8 without NUL characters, whatever encoding it came in.

    Order: byte order mark, strict UTF-8, the declared encoding, detection, and last Windows-1252, which never fails.
    """
    if isinstance(html, str):
        return html.replace("\x00", "").encode("utf-8", "replace")
    for mark, name in _BOMS:
        if html.startswith(mark):
            return html[len(mark) :].decode(name, "replace").replace("\x00", "").encode("utf-8", "replace")
    try:
        html.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decoded(html, error).replace("\x00", "").encode("utf-8", "replace")
    return html.replace(b"\x00", b"")


def looks_like_html(data: bytes) -> bool:
    """Return whether there is any tag in the data."""
    return _TAG_START.search(data) is not None


def _decoded(html: bytes, utf8_error: UnicodeDecodeError) -> str:
    declared = _declared_encoding(html)
    if declared is not None and codecs.lookup(declared).name != "utf-8":
        return html.decode(declared, "replace")
    if declared is not None or utf8_error.start > _DETECT_BYTES:
        # Says UTF-8 and nearly is: a few damaged bytes must not turn the whole page into another encoding.
        repaired = html.decode("utf-8", "replace")
        if repaired.count("\ufffd") * 200 < len(repaired):
            return repaired
    from charset_normalizer import from_bytes

    best = from_bytes(html[:_DETECT_BYTES]).best()
    return html.decode(best.encoding if best else "cp1252", "replace")


def _declared_encoding(html: bytes) -> str | None:
    found = _META_CHARSET.search(html[:_PRESCAN_BYTES])
    if found is None:
        return None
    label = found[1].decode("ascii", "replace").lower()
    label = _SUPERSETS.get(label, label)
    try:
        info = codecs.lookup(label)
        "".encode(info.name)  # refuses codecs that are not text encodings (rot13, zip)
    except LookupError:
        return None
    return info.name
