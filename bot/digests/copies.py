"""Near-copies that say something their original does not: an update sent out in the words of the first report. Pure.

A near-copy is merged into its original and tells nothing again. Where it gives another figure, denies what the original
says or adds what stands nowhere in it, those lines are news, and they alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from bot.model import Article, Citation, Summary
from bot.ports import ToldLine
from bot.stories.novelty import History, fingerprint_of

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
# Near-copies remembered with what they add: those of one digest, told to many channels.
_REMEMBERED = 512


@lru_cache(maxsize=_REMEMBERED)
def additions_of(copy: Article, summary: Summary, original: Article) -> Summary | None:
    """Return the copy's summary with only those bullets that the original's text does not say, None without any."""
    history = History([_line(original, sentence.text) for sentence in original.sentences])
    new = tuple(
        bullet
        for bullet in summary.bullets
        if history.judge(bullet.text, copy.language, stories=(original.id,)).is_new
        and not _stands_in(bullet.sentences, copy, original)
    )
    if not new:
        return None
    return replace(summary, bullets=new)


def _stands_in(cited: Sequence[int], copy: Article, original: Article) -> bool:
    """Whether all that a bullet rests on stands in the original word for word: it was shortened, not changed."""
    known = {fingerprint_of(sentence.text) for sentence in original.sentences}
    texts = {sentence.index: sentence.text for sentence in copy.sentences}
    return bool(cited) and all(fingerprint_of(texts.get(index, "")) in known for index in cited)


def _line(original: Article, text: str) -> ToldLine:
    citation = Citation(marker="", article_id=original.id, seq=0, path=original.path, title="", sentences=(), quote="")
    return ToldLine(
        fingerprint=fingerprint_of(text),
        text=text,
        language=original.language,
        event=original.id,
        storyline=original.id,
        headline="",
        citation=citation,
        at=_LONG_AGO,
        seq=0,
    )
