"""Makes one sentence into a bullet: a name brought in where that is certain, shortened, its source lifted out.

A draft says how well it stands alone, so that the choice of bullets can prefer those that do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.model import Bullet, Sentence, Status
from bot.summaries.compression import MAX_CHARS, Compressed, compress_sentence, cut_to_fit
from bot.summaries.deletions import LOWER_HEDGES
from bot.summaries.openings import is_furniture, measure_opening
from bot.summaries.reference import (
    Antecedent,
    find_antecedent,
    find_split_quotes,
    leaves_unnamed,
    points_backwards,
    replace_subject,
)
from bot.summaries.statements import ends_unfinished, is_fragment, strip_loose_end
from bot.text.cues import FUTURES
from bot.text.lazy import compile_later

MIN_WORDS = 5  # a shorter sentence tells too little
UNNAMED_PENALTY = 0.35  # of the score, for a sentence that speaks of somebody it does not name
OPENING_CHARS = 600  # how far into a sentence "he" may be after a dateline and connectives
FINAL_CHARS = 10  # at the end of a sentence that hold its mark and what closes after it
MARKED_SHARE = 0.6  # of sentences that end with a mark, from which on one without is none
CASED_SHARE = 1 / 3  # of sentences with a capital inside, from which on capitals tell names

STANDS_ALONE = 0
POINTS_ELSEWHERE = 1  # backwards, into a quotation that goes on, or at the reader
CUT_TO_FIT = 2
FRAGMENT = 3  # no sentence: without a verb, or ending in the middle

_FINAL_MARK = compile_later(r"[.!?…。！？؟۔।:;][\"'”’»)\]」』\s]*$|''\s*$")
_CAPTION_SIGN = compile_later(
    r"\(\s?(?:far\s)?(?:left|right|centre|center|above|below|inset|circled|file\s(?:photo|picture|image))\b[^()]{0,30}\)"
    r"|,\s(?:far\s)?left\s?,[^.]{1,80},\s(?:far\s)?right\b",
    re.IGNORECASE,
)
_INNER_CAPITAL = compile_later(r"\s[^\W\d_a-z]")
_PLAN = compile_later(
    r"\b(?:intent(?:ion)?\s+to|expected\s+to|(?:prepar|hop|look)(?:es?|ing|ed)?\s+to|(?:is|are)\s+to\s+[a-z]+|"
    r"agree[sd]?\s+to|vow(?:s|ed)?\s+to|by\s+20\d\d|(?:may|might|could)\b[^.]{0,80}\b(?:next|later\s+this|early\s+next|coming)\s+"
    r"(?:week|month|year|spring|summer|autumn|fall|winter|days|weeks|months|years))\b"
)
_LOWER_FUTURES = compile_later(FUTURES.pattern)  # for text in lower case, where it is twice as fast
_HE_OR_SHE = compile_later(r"[HhSs](?<!\w.)(?:[Hh][Ee]|[Ee])\s")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a bullet would show; `position` is that of its sentence, `penalty` what its score loses by its wording.

    `antecedent` is who "he" at its start is; `speaker` is the phrase that names who "he" of "he added" is.

    `fault` is one of `STANDS_ALONE`, `POINTS_ELSEWHERE`, `CUT_TO_FIT`, `FRAGMENT`, from good to bad.
    """

    text: str
    short: Compressed
    antecedent: Antecedent | None
    speaker: Antecedent | None
    position: int
    penalty: float
    fault: int


class Drafting:
    """Makes drafts of the sentences of one article; `sentences` are those that report, in order."""

    def __init__(self, sentences: Sequence[Sentence], body: str, language: str) -> None:
        self.texts = [sentence.text[:MAX_CHARS] for sentence in sentences]
        self._sentences = sentences
        self._body = body
        self._language = language
        self._split_quotes = find_split_quotes(sentences)
        self._shortened: dict[int, tuple[Compressed, Antecedent | None]] = {}

    def fits(self, position: int) -> bool:
        """Whether the sentence at `position` becomes short enough without being cut anywhere."""
        return self._shorten(position)[0].fits

    def draft(self, position: int) -> Draft | None:
        """The draft of the sentence at `position`; none when nothing of it can be shown."""
        short, antecedent = self._shorten(position)
        text = short.text if short.fits else cut_to_fit(short.text)
        if self._language == "en" and not short.fits:
            text = strip_loose_end(text)
        if not text:
            return None
        speaker = self._find_speaker(position) if short.source_is_pronoun else None
        penalty = 0.0 if speaker else self._penalty(text, position, short)
        return Draft(text, short, antecedent, speaker, position, penalty, self._fault(position, short))

    def to_bullet(self, draft: Draft) -> Bullet:
        """The bullet of a draft: what it cites and quotes, who says it, and what kind of statement it is."""
        return Bullet(
            text=draft.text,
            sentences=tuple(self._sentences[position].index for position in _positions(draft)),
            quote=self._quote(draft),
            attribution=draft.speaker.text if draft.speaker else draft.short.attribution,
            status=_status(draft.text, draft.short),
        )

    def _shorten(self, position: int) -> tuple[Compressed, Antecedent | None]:
        """The sentence at `position` shortened, and who "he" at its start is; worked out once."""
        if position not in self._shortened:
            source = self.texts[position]
            antecedent: Antecedent | None = None
            if self._language == "en" and _HE_OR_SHE.search(source, 0, OPENING_CHARS):
                opening = measure_opening(source, self._language)
                antecedent = find_antecedent(self.texts, position, opening)
                if antecedent:
                    source = replace_subject(source[opening:], antecedent.text)
            self._shortened[position] = compress_sentence(source, language=self._language), antecedent
        return self._shortened[position]

    @cached_property
    def _has_sentences(self) -> bool:
        """Whether most texts have verbs we know, so that one without any is a fragment and not another kind of text."""
        return 2 * sum(map(is_fragment, self.texts)) <= len(self.texts)

    @cached_property
    def _marked(self) -> bool:
        """Whether the article ends its sentences with marks, so that a line without one is a caption or a heading."""
        return sum(map(_ends_marked, self.texts)) > MARKED_SHARE * len(self.texts)

    @cached_property
    def _cased(self) -> bool:
        """Whether capitals tell names in this article."""
        return sum(map(bool, map(_INNER_CAPITAL.search, self.texts))) > CASED_SHARE * len(self.texts)

    def _find_speaker(self, position: int) -> Antecedent | None:
        """Who says "he added": the source that the sentence just before names, in the same paragraph."""
        before = position - 1
        if before < 0 or self._sentences[before].paragraph != self._sentences[position].paragraph:
            return None
        earlier = compress_sentence(self.texts[before], language=self._language)
        named = earlier.attribution is not None and not earlier.source_is_pronoun
        return Antecedent(earlier.attribution or "", before) if named else None

    def _quote(self, draft: Draft) -> str:
        """The passage of the body the bullet was made from; it spans all cited sentences when there are several."""
        own = self._sentences[draft.position]
        first = _positions(draft)[0]
        if first != draft.position:
            return self._body[self._sentences[first].start : own.start + len(self.texts[draft.position])]
        passage = draft.short.passage if draft.short.fits else draft.text
        return passage if passage in own.text[:MAX_CHARS] else self.texts[draft.position]

    def _penalty(self, text: str, position: int, short: Compressed) -> float:
        """What the score loses because the bullet does not say who."""
        if self._language != "en" or position == 0:
            return 0.0
        unnamed = short.source_is_pronoun or (leaves_unnamed(text) and self._cased)
        return UNNAMED_PENALTY if unnamed else 0.0

    def _fault(self, position: int, short: Compressed) -> int:
        """How far the bullet is from standing alone."""
        if is_furniture(short.text):
            return FRAGMENT
        if not short.fits:
            return CUT_TO_FIT
        if self._language == "en" and (
            ends_unfinished(short.text) or (is_fragment(short.text) and self._has_sentences)
        ):
            return FRAGMENT
        may_be_caption = "(" in short.text or "left" in short.text
        if (may_be_caption and _CAPTION_SIGN.search(short.text)) or (
            not _ends_marked(self.texts[position]) and self._marked
        ):
            return POINTS_ELSEWHERE
        asks = short.text.rstrip("\"'”’»」』)").endswith(("?", "？", "؟", ";")) or "?" in short.text
        too_short = short.words < MIN_WORDS
        if asks or too_short or position in self._split_quotes or points_backwards(short.text, self._language):
            return POINTS_ELSEWHERE
        return STANDS_ALONE


def _ends_marked(text: str) -> bool:
    """Whether the text ends with a mark that ends sentences."""
    return bool(_FINAL_MARK.search(text[-FINAL_CHARS:]))


def _positions(draft: Draft) -> list[int]:
    """The positions of the sentences a draft rests on, in order."""
    sources = (draft.antecedent, draft.speaker)
    return sorted({draft.position, *(source.position for source in sources if source)})


def _status(text: str, short: Compressed) -> Status:
    """Whether the bullet states a plan, somebody's claim, or a fact."""
    lowered = text.lower()
    if _LOWER_FUTURES.search(lowered) or _PLAN.search(lowered):
        return "planned"
    if short.attribution or LOWER_HEDGES.search(lowered):
        return "claim"
    return "fact"
