"""A second reader for pages whose article was hardly found: trafilatura, on the visible part of the same tree."""

from __future__ import annotations

import logging

from lxml import etree
from lxml.html import HtmlElement

from bot.articles.html.clutter import clutter_of_line, hidden_reason

# Own extraction below this many characters is doubtful: a caption, a notice, a teaser.
DOUBTFUL_CHARS = 350
# The rescue must find so much more to be believed.
_MIN_GAIN = 1.5


def rescue_text(root: HtmlElement, found_chars: int) -> tuple[str, ...]:
    """Return the paragraphs that trafilatura finds, or nothing unless they are clearly more than `found_chars`.

    Hidden elements are taken out of the tree; it is of no use afterwards.
    """
    import trafilatura

    _drop_hidden(root)
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    document = trafilatura.bare_extraction(root, include_comments=False, with_metadata=False)
    if document is None or isinstance(document, dict) or not document.text:
        return ()
    lines = [" ".join(line.split()) for line in document.text.split("\n")]
    paragraphs = tuple(line for line in lines if line and clutter_of_line(line, link_share=0.0) is None)
    return paragraphs if sum(map(len, paragraphs)) > _MIN_GAIN * found_chars else ()


def _drop_hidden(root: etree._Element) -> None:
    hidden = [element for element in root.iter(etree.Element) if element.attrib and hidden_reason(element.attrib)]
    for element in hidden:
        parent = element.getparent()
        if parent is not None and element.tag != "body":
            element.drop_tree()
