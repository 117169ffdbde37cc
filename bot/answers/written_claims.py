"""Whether what an LLM answered may be shown: each claim is proved by the sentences it cites, and together they answer.

What it wrote beside its claims is never shown. A true claim that does not bear on the question is no answer: one claim
must rest on a sentence that retrieval found to answer, nearly or surely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.answers.answering import Gathered, Judged
from bot.answers.questions import TYPED
from bot.answers.telling import caveat_of, citation_of, window_of
from bot.answers.thresholds import threshold_of
from bot.answers.written_form import MOST_CLAIMS, AnswerDraft, DraftClaim
from bot.answers.written_showing import Excerpt
from bot.model import Answer, Bullet, Citation, StoryBullet
from bot.summaries.written_checks import IsInstruction, Judge, Rejected, Verify
from bot.summaries.written_schema import DraftBullet
from bot.text.words import content_terms, count_words

MOST_QUOTE_WORDS: Final = 12
NEARLY: Final = 0.8
"""Share of the support an extracted answer needs, from which on a sentence may carry a written one: of what extraction
refuses, only near misses."""
MOST_SPAN_WORDS: Final = 8
"""Words of a span that is set in bold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """A claim that holds, with the number of its article as the model knew it."""

    number: int
    bullet: Bullet


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerJudge:
    """The checks of one question's drafts over what was shown for it."""

    gathered: Gathered
    excerpts: Sequence[Excerpt]
    verify: Verify
    is_instruction: IsInstruction

    def problems(self, draft: AnswerDraft) -> tuple[str, ...]:
        """Return what does not hold, in words that the model can act on."""
        if not draft.is_answered:
            return ()
        if len(draft.claims) > MOST_CLAIMS:
            return (f"claims: {len(draft.claims)} are too many, write {MOST_CLAIMS} at most",)
        checked = self._check_all(draft)
        found = [f"claim {number}: {one}" for number, one in enumerate(checked, start=1) if isinstance(one, str)]
        return tuple(found) or self._left_out([one for one in checked if isinstance(one, Proved)])

    def prove(self, draft: AnswerDraft) -> list[Proved]:
        """Return the claims of a draft without problems."""
        return [one for one in self._check_all(draft) if isinstance(one, Proved)]

    def answers(self, proved: Sequence[Proved], extracted: Answer) -> bool:
        """Return whether these claims answer the question, and not only hold.

        Where extraction refuses, a claim must also hold a span of the kind asked for, of a sentence that names every
        name of the question.
        """
        bearing = {(one.evidence.article.id, one.evidence.index): one for one in self.bearing()}
        for claim in proved:
            excerpt = self.excerpts[claim.number - 1]
            for index in claim.bullet.sentences:
                judged = bearing.get((excerpt.article.id, index))
                if judged is not None and (extracted.grounded or self._holds_what_is_asked(claim, judged)):
                    return True
        return False

    def bearing(self) -> list[Judged]:
        """Return the sentences that were shown and answer, nearly or surely."""
        shown = {(excerpt.article.id, index) for excerpt in self.excerpts for index in excerpt.indexes}
        return [
            one
            for one in self.gathered.judged
            if (one.evidence.article.id, one.evidence.index) in shown
            and one.support >= NEARLY * threshold_of(one.evidence.article.language)
            and not one.verdict.only_planned
        ]

    def compose(self, draft: AnswerDraft, proved: Sequence[Proved], extracted: Answer) -> Answer:
        """Return the answer that consists of these claims; disagreements that extraction found stand beside it."""
        numbers = {number: str(at) for at, number in enumerate(dict.fromkeys(one.number for one in proved), start=1)}
        claims = tuple(
            StoryBullet(text=one.bullet.text, citations=(self._citation([one], marker=numbers[one.number]),))
            for one in proved
        )
        text = " ".join(claim.text for claim in claims)
        return Answer(
            question=extracted.question,
            text=text,
            grounded=True,
            confidence=extracted.confidence,
            citations=tuple(
                self._citation([one for one in proved if one.number == number], marker=marker)
                for number, marker in numbers.items()
            ),
            bold=self._span(text, draft.answer),
            caveat=self._caveat(proved),
            conflicts=extracted.conflicts,
            writer="llm",
            claims=claims,
        )

    def _check_all(self, draft: AnswerDraft) -> list[Proved | str]:
        """Return each claim as proved, or why it may not be shown; one may lean on the sentence told before it."""
        told: set[tuple[int, int]] = set()
        checked = []
        for claim in draft.claims:
            number, first = min(claim.ids)
            checked.append(self._check(claim, may_lean=(number, first - 1) in told))
            told.update(claim.ids)
        return checked

    def _check(self, claim: DraftClaim, *, may_lean: bool) -> Proved | str:
        """Return the claim as proved, or in a few words why it may not be shown."""
        numbers = {number for number, _ in claim.ids}
        if len(numbers) > 1:
            return "cites several articles, each claim may cite one"
        (number,) = numbers
        if not 1 <= number <= len(self.excerpts):
            return "cites what does not exist"
        if count_words(claim.quote) > MOST_QUOTE_WORDS:
            return f"its quote has more than {MOST_QUOTE_WORDS} words"
        excerpt = self.excerpts[number - 1]
        judge = Judge(
            article=excerpt.article,
            shown=excerpt.indexes,
            verify=self.verify,
            is_instruction=self.is_instruction,
            may_lean=may_lean,
        )
        bullet = judge.check_bullet(
            DraftBullet(text=claim.text, ids=tuple(index for _, index in claim.ids), quote=claim.quote)
        )
        return bullet.reason if isinstance(bullet, Rejected) else Proved(number=number, bullet=bullet)

    def _left_out(self, proved: Sequence[Proved]) -> tuple[str, ...]:
        """Return which sentences that take back a cited one are not cited."""
        cited = {(self.excerpts[one.number - 1].article.id, index) for one in proved for index in one.bullet.sentences}
        numbers = {excerpt.article.id: number for number, excerpt in enumerate(self.excerpts, start=1)}
        found = []
        for judged in self.gathered.judged:
            evidence = judged.evidence
            if (evidence.article.id, evidence.index) not in cited:
                continue
            excerpt = self.excerpts[numbers[evidence.article.id] - 1]
            for index in window_of(evidence):
                if index > evidence.index and index in excerpt.indexes and (evidence.article.id, index) not in cited:
                    found.append(f"claims: A{numbers[evidence.article.id]}.s{index} limits what is claimed, add it")
        return tuple(found)

    def _holds_what_is_asked(self, claim: Proved, judged: Judged) -> bool:
        question = self.gathered.question
        if question.kind not in TYPED:
            return False
        said = claim.bullet.text.casefold()
        sentence = judged.evidence.sentence.text
        language = judged.evidence.article.language
        terms = set(content_terms(sentence, language))
        named = all(set(content_terms(name, language)) & terms for name in question.names)
        return named and any(one.text.casefold() in said for one in judged.evidence.candidates)

    def _span(self, text: str, answer: str) -> tuple[int, int] | None:
        """Return where the words that answer stand, when the question asks for a name, a date or a number."""
        wanted = " ".join(answer.split())
        if self.gathered.question.kind not in TYPED or not 0 < count_words(wanted) <= MOST_SPAN_WORDS:
            return None
        start = text.casefold().find(wanted.casefold())
        return (start, start + len(wanted)) if start >= 0 else None

    def _caveat(self, proved: Sequence[Proved]) -> str | None:
        """Return on whose word the likeliest of the cited sentences holds, when it is a claim."""
        cited = {(self.excerpts[one.number - 1].article.id, index) for one in proved for index in one.bullet.sentences}
        for judged in self.gathered.judged:
            evidence = judged.evidence
            if (evidence.article.id, evidence.index) in cited:
                return caveat_of(self.gathered.question, evidence)
        return None

    def _citation(self, proved: Sequence[Proved], *, marker: str) -> Citation:
        sentences = sorted({index for one in proved for index in one.bullet.sentences})
        article = self.excerpts[proved[0].number - 1].article
        return citation_of(article, sentences, proved[0].bullet.quote, marker=int(marker))
