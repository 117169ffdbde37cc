"""Whether a bullet that an LLM wrote may be shown: it must cite what exists, quote what stands there, and be proved.

The prompt asks for all of this; a model that was tricked or that errs does not obey, so every rule is checked here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bot.model import Article, Bullet, Verdict
from bot.summaries.reference import points_backwards
from bot.summaries.written_schema import MOST_WORDS, DraftBullet
from bot.text.lazy import compile_later
from bot.text.normalizing import fold_quotes, normalize
from bot.text.words import content_terms, count_words, tokens

Verify = Callable[[str, Article, Sequence[int], str | None], Verdict]
IsInstruction = Callable[[str], bool]

# A bullet that cites more than this cites nothing in particular.
_MOST_IDS = 5
_MOST_ATTRIBUTION_WORDS = 16
_MOST_HEADLINE_WORDS = 24
# Share of its content terms above which a bullet says what another has said.
_SAME_SHARE = 0.6
# Least share of a claim that must stand in its sentences: names and numbers are proved one by one, but an injected
# sentence that holds neither is told only by how little of it the cited sentences say.
_LEAST_SCORE = 0.5

_LINK = compile_later(
    r"[a-z][a-z0-9+.-]{1,20}://\S*|\b(?:www\.|mailto:)\S+|\]\(|<[^<>\s]{1,200}>"
    r"|\b[^\W_](?:[\w-]{0,62})(?:\.[\w-]{1,63}){0,8}\.[^\W\d_]{2,24}\b(?:[/:?]\S*)?"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b",
    re.IGNORECASE,
)
_QUOTE_MARKS = "\"' "


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A bullet that may not be shown, and why in a few words; `sentences` are those it cited that exist."""

    reason: str
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """The checks of one article's drafts; `shown` are the indexes of the sentences that the model saw.

    In `article` the sentences that were withheld from it are empty. `may_lean` says that what "it" is stands right
    before the bullet, where it is shown.
    """

    article: Article
    shown: Collection[int]
    verify: Verify
    is_instruction: IsInstruction
    may_lean: bool = False

    def check_bullet(self, draft: DraftBullet) -> Bullet | Rejected:
        """Return the draft as a bullet, with the quote as the source spells it, or why it can't be one."""
        ids = tuple(sorted({index for index in draft.ids if index in self.shown}))
        text = _on_one_line(draft.text)
        attribution = _on_one_line(draft.attribution) if draft.attribution else None
        quote = self._find_quote(draft.quote, ids)
        reason = (
            self._check_ids(draft, ids)
            or ("misquotes" if quote is None else None)
            or self._check_words(text, ids, most_words=MOST_WORDS)
            or self._check_standing_alone(text)
            or (self._check_attribution(attribution, ids) if attribution else None)
            or self._check_proof(text, ids, attribution)
        )
        if reason is not None or quote is None:
            return Rejected(reason=reason or "", sentences=ids)
        return Bullet(text=text, sentences=ids, quote=quote, attribution=attribution, status=draft.status)

    def check_headline(self, headline: str, ids: Sequence[int]) -> str | None:
        """Return the headline on one line when these sentences prove it, else None."""
        text = _on_one_line(headline)
        if not text:
            return None
        failed = self._check_words(text, ids, most_words=_MOST_HEADLINE_WORDS) or self._check_proof(text, ids, None)
        return None if failed else text

    def _check_ids(self, draft: DraftBullet, ids: Sequence[int]) -> str | None:
        if len(ids) < len(set(draft.ids)):
            return "cites what does not exist"
        return "cites too much" if len(ids) > _MOST_IDS else None

    def _check_words(self, text: str, ids: Sequence[int], *, most_words: int) -> str | None:
        if count_words(text) > most_words:
            return "too long"
        if self.is_instruction(text):
            return "reads as an instruction"
        return "holds a link" if self._holds_foreign_link(text, ids) else None

    def _check_standing_alone(self, text: str) -> str | None:
        if not self.may_lean and points_backwards(text, self.article.language):
            return "points outside itself"
        return "holds half a quotation" if fold_quotes(text).count('"') % 2 else None

    def _check_attribution(self, attribution: str, ids: Sequence[int]) -> str | None:
        failed = self._check_words(attribution, ids, most_words=_MOST_ATTRIBUTION_WORDS)
        if failed is not None:
            return failed
        # Parts of words count: Korean and Turkish names carry their particles in the source.
        source = "\n".join(self._sentence(index) for index in sorted(self.shown)).casefold()
        known = all(token.text.casefold() in source for token in tokens(attribution))
        return None if known else "unknown speaker"

    def _check_proof(self, text: str, ids: Sequence[int], attribution: str | None) -> str | None:
        verdict = self.verify(text, self.article, ids, attribution)
        for problem in verdict.problems:
            if problem.hard:
                return f"unproved {problem.kind}"
        if not verdict.supported or verdict.score < _LEAST_SCORE:
            return "unproved"
        return None

    def _holds_foreign_link(self, text: str, ids: Sequence[int]) -> bool:
        """Whether the text holds a link, or a bare domain name that the cited sentences do not hold as it stands."""
        source = " ".join(self._sentence(index) for index in ids).casefold()
        for link in _LINK.findall(text):
            is_address = "://" in link or "](" in link or "/" in link or "@" in link or link.startswith("<")
            if is_address or link.casefold() not in source:
                return True
        return False

    def _find_quote(self, quote: str, ids: Sequence[int]) -> str | None:
        """Return the quote as the cited sentences spell it, quotation marks and dashes being equal to each other."""
        wanted = fold_quotes(_on_one_line(quote)).strip(_QUOTE_MARKS)
        source = " ".join(self._sentence(index) for index in ids)
        at = fold_quotes(source).find(wanted) if wanted else -1
        return source[at : at + len(wanted)] if at >= 0 else None

    def _sentence(self, index: int) -> str:
        return _on_one_line(self.article.sentences[index].text)


def repeats(bullet: Bullet, told: Bullet, language: str) -> bool:
    """Whether so many of a bullet's content terms stand in one already told that it tells nothing new."""
    terms, known = set(content_terms(bullet.text, language)), set(content_terms(told.text, language))
    if not terms:
        return bullet.text.casefold() == told.text.casefold()
    return len(terms & known) / len(terms) >= _SAME_SHARE


def _on_one_line(text: str) -> str:
    return " ".join(normalize(text).split())
