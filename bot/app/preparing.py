"""What a child of the sandbox makes of each article besides reading it: named in `open_reader`, called in the child.

Nothing here may need a network, a file or a setting: the child has none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.model import Article, Prepared, Summary
from bot.storage.copies import fingerprint_of
from bot.storage.passages import cut_article
from bot.summaries.extractive import summarize_article


def prepare(article: Article, options: Mapping[str, Any]) -> Prepared:
    """Return the summary, the rows of the search index and the fingerprint of an article."""
    return prepare_beside(summarize_article(article, bullets=int(options["bullets"])), article)


def prepare_beside(summary: Summary, article: Article) -> Prepared:
    """Return the rows of the search index and the fingerprint of an article, with a summary made before."""
    print_ = fingerprint_of(article)
    return Prepared(
        summary=summary, sections=cut_article(article), shingles=tuple(print_.shingles), sample=print_.sample
    )
