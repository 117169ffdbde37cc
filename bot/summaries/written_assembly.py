"""From an LLM's draft to a summary: each bullet is proved or replaced by an extract of the article's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.model import Bullet, Cost, Summary
from bot.summaries.written_checks import Judge, Rejected, repeats
from bot.summaries.written_schema import Draft

# A summary has at least so many bullets, where the article has so many facts.
_FEWEST_BULLETS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who wrote a draft: the model, the prompts, and the cost of the calls."""

    model: str
    prompt_hash: str
    cost: Cost


def assemble(draft: Draft, judge: Judge, extracted: Summary, *, bullets: int, origin: Origin) -> Summary:
    """Return the summary that this draft makes: written by the LLM, or extractive when none of its bullets holds."""
    checked = [judge.check_bullet(bullet) for bullet in draft.bullets[:bullets]]
    checked = _without_repetitions(checked, judge.article.language)
    kept = [bullet for bullet in checked if isinstance(bullet, Bullet)]
    article = judge.article
    if not kept:
        return label(extracted, f"none of the LLM's bullets passed the proof: {_list_reasons(checked)}", origin.cost)
    final = _fill(checked, extracted.bullets, article.language, fewest=min(bullets, _FEWEST_BULLETS))
    headline, derived = _choose_headline(draft.headline, judge, final, extracted)
    return Summary(
        article_id=article.id,
        version=article.version,
        headline=headline,
        bullets=tuple(final),
        writer="llm",
        headline_derived=derived,
        prompt_hash=origin.prompt_hash,
        model=origin.model,
        cost=origin.cost,
        note=_describe_replacements(checked, len(final) - len(kept), len(final)),
    )


def label(extracted: Summary, note: str, cost: Cost) -> Summary:
    """Return an extractive summary that says why no LLM wrote it, and what the attempt cost."""
    return replace(extracted, writer="extractive", note=note, cost=cost)


def _without_repetitions(checked: Sequence[Bullet | Rejected], language: str) -> list[Bullet | Rejected]:
    result: list[Bullet | Rejected] = []
    for bullet in checked:
        if isinstance(bullet, Bullet) and _is_told(bullet, result, language):
            result.append(Rejected(reason="repeats another", sentences=()))
        else:
            result.append(bullet)
    return result


def _is_told(bullet: Bullet, others: Sequence[Bullet | Rejected], language: str) -> bool:
    return any(isinstance(other, Bullet) and repeats(bullet, other, language) for other in others)


def _fill(
    checked: Sequence[Bullet | Rejected], extracts: Sequence[Bullet], language: str, *, fewest: int
) -> list[Bullet]:
    """Return the bullets with every rejected one replaced by an unused extract, and extracts added up to `fewest`."""
    kept = [bullet for bullet in checked if isinstance(bullet, Bullet)]
    unused = [extract for extract in extracts if not _is_told(extract, kept, language)]
    final: list[Bullet] = []
    for bullet in checked:
        if isinstance(bullet, Bullet):
            final.append(bullet)
        elif unused:
            final.append(_take(unused, bullet.sentences))
    while len(final) < fewest and unused:
        final.append(unused.pop(0))
    return final


def _take(unused: list[Bullet], sentences: Sequence[int]) -> Bullet:
    """Remove and return the extract that cites one of these sentences, else the first."""
    at = next((i for i, extract in enumerate(unused) if set(extract.sentences) & set(sentences)), 0)
    return unused.pop(at)


def _choose_headline(written: str, judge: Judge, bullets: Sequence[Bullet], extracted: Summary) -> tuple[str, bool]:
    """Return the headline and whether it was derived: the LLM's if its bullets prove it, else the article's own."""
    cited = sorted({index for bullet in bullets for index in bullet.sentences})
    proved = judge.check_headline(written, cited)
    return (proved, False) if proved else (extracted.headline, extracted.headline_derived)


def _describe_replacements(checked: Sequence[Bullet | Rejected], replaced: int, total: int) -> str | None:
    if not replaced:
        return None
    reasons = _list_reasons(checked)
    why = f"; the LLM's: {reasons}" if reasons else "; the LLM wrote too few"
    return f"{replaced} of {total} bullets are the article's own words{why}"


def _list_reasons(checked: Sequence[Bullet | Rejected]) -> str:
    """Return each reason once, in the order of the bullets."""
    reasons = dict.fromkeys(bullet.reason for bullet in checked if isinstance(bullet, Rejected))
    return ", ".join(reasons)
