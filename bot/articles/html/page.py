"""One HTML page as a tree: decoded, parsed once; everything else in this package shares the tree.

Nothing is ever fetched: the tree is made from the bytes at hand, and links in it are only read as text.
"""

from __future__ import annotations

import re

from lxml import etree

from bot.articles.charset import decode_text
from bot.errors import BadArticle
from bot.text.lazy import compile_later

# Browsers look for `<meta charset>` in the first 1024 bytes (HTML standard, "prescan a byte stream"); publishers put
# long scripts first, so look further.
_PRESCAN_BYTES = 16_384
_CHARSET = compile_later(
    rb"""<(?:meta|\?xml)\b[^>]{0,400}?(?:charset|encoding)\s{0,8}=\s{0,8}["']?\s{0,8}([\w.:-]{2,40})""", re.I
)
_TAG = compile_later(r"<[a-zA-Z!/]")
# What libxml2 says when it gives up on elements nested deeper than 2048: it then drops all that follows.
_TOO_DEEP = "Excessive depth"
_BARE_BLOCKS = compile_later(r"</?(?:div|section|article|center|blockquote|table|tbody|tr|td|ul|ol|li|p)\s{0,8}>", re.I)
_BARE_INLINES = compile_later(r"</?(?:span|font|b|i|u|em|strong|small|big|a)\s{0,8}>", re.I)


def parse_page(html: bytes | str) -> etree._Element:
    """Return the root element of a page.

    Raises:
        BadArticle: the input is no text, or holds no markup that can be read.
    """
    text = html if isinstance(html, str) else decode_text(html, declared=_declared_charset(html))
    if not text.strip():
        raise BadArticle("is empty")
    if _TAG.search(text) is None:
        raise BadArticle("is not a web page, although its name says so: it holds no HTML")
    root, too_deep = _parse(text)
    if too_deep:
        # Elements without attributes say nothing: without them most pages are shallow enough. Closing tags of elements
        # that stay go too, so that a hidden element can only grow, never end early.
        flat = _BARE_INLINES.sub(" ", _BARE_BLOCKS.sub("<br><br>", text))
        root, too_deep = _parse(flat)
    if root is None:
        raise BadArticle("is a web page whose markup can't be read: save it again")
    if too_deep and not "".join(root.itertext()).strip():
        raise BadArticle("is nested too deeply to be read: save it in a simpler form")
    return root


def _parse(text: str) -> tuple[etree._Element | None, bool]:
    """Return the tree of a page, and whether the parser gave up because of its depth."""
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True, recover=True
    )
    try:
        root = etree.fromstring(text.replace("\x00", "").encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadArticle("is a web page whose markup can't be read: save it again") from error
    log = parser.error_log
    return root, len(log) > 0 and _TOO_DEEP in log[len(log) - 1].message


def _declared_charset(html: bytes) -> str | None:
    found = _CHARSET.search(html[:_PRESCAN_BYTES])
    return found[1].decode("ascii", "replace") if found is not None else None
