"""A second reader for pages whose article was hardly found: trafilatura, on the visible part of the same tree."""

from __future__ import annotations

import logging

from lxml import etree

from bot.articles.html.clutter import hidden_reason
from bot.articles.html.framing import size_text
from bot.articles.html.lines import clutter_of_line

# Own extraction below this many Latin characters is doubtful: a caption, a notice, a teaser.
DOUBTFUL_CHARS = 350
# A line of a menu is no article.
_MIN_CHARS = 40
# The rescue must find so much more to be believed.
_MIN_GAIN = 1.5


def rescue_text(root: etree._Element, found_chars: int) -> tuple[str, ...]:
    """Return the paragraphs that trafilatura finds, or nothing unless they are clearly more than `found_chars`.

    Hidden elements are taken out of the tree; it is of no use afterwards.
    """
    import lxml.html
    import trafilatura

    _drop_hidden(root)
    tree = lxml.html.fromstring(etree.tostring(root, encoding="utf-8"), parser=lxml.html.HTMLParser(encoding="utf-8"))
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    document = trafilatura.bare_extraction(tree, include_comments=False, with_metadata=False)
    if document is None or isinstance(document, dict) or not document.text:
        return ()
    lines = [" ".join(line.split()) for line in document.text.split("\n")]
    paragraphs = tuple(line for line in lines if line and clutter_of_line(line, link_share=0.0) is None)
    return paragraphs if sum(map(size_text, paragraphs)) > max(_MIN_GAIN * found_chars, _MIN_CHARS) else ()


def _drop_hidden(root: etree._Element) -> None:
    hidden = [element for element in root.iter(etree.Element) if element.attrib and hidden_reason(element.attrib)]
    for element in hidden:
        parent = element.getparent()
        if parent is None or element.tag == "body":
            continue
        tail = element.tail
        before = element.getprevious()
        if tail and before is not None:
            before.tail = (before.tail or "") + tail
        elif tail:
            parent.text = (parent.text or "") + tail
        parent.remove(element)
