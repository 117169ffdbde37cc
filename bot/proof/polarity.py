"""Denials, opposites and hedges: a claim may not turn what its source says, nor be surer of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Problem
from bot.proof.lexicon import lexicon
from bot.proof.reading import Reach
from bot.proof.source import Evidence
from bot.proof.statements import Statement

# The best sentence must hold this part of a claim before what it denies or hedges can be held against the claim.
_SAME_MATTER = 0.4
_CLOSELY_SAME = 0.6
# The nearest stems that a denial or hedge bears on: a claim that has them speaks of its matter.
_CORE_STEMS = 2
# Words this near to another are its surroundings.
_SURROUNDING_WORDS = 4
# A word that the context repeats more often than this is looked at in so many places only, so that time stays linear.
_MOST_SPOTS = 40


def check_denials(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return denials that the statement adds to what its source says, or leaves out of it."""
    if evidence.coverage < _SAME_MATTER:
        return []
    if evidence.is_cut:
        return [Problem(kind="negation", text=denial.cue) for denial in _dropped(statement, evidence)]
    added = [denial for denial in statement.denials if not _is_denied(denial, evidence)]
    if added:
        return [Problem(kind="negation", text=" ".join((denial.cue, *denial.stems[:1]))) for denial in added]
    return [Problem(kind="negation", text=denial.cue) for denial in _dropped(statement, evidence)]


def check_opposites(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return words of the statement whose opposite or rival its source says in the same surroundings."""
    words = lexicon()
    denied = {stem for reach in statement.denials for stem in reach.stems}
    problems = []
    for position, word in enumerate(statement.words):
        sense = word.sense
        against, besides = words.against(sense), words.besides(sense)
        if not (against or besides) or word.stem in denied:
            continue
        around = _surroundings(statement, position)
        said = _shared(words.same(sense) | {sense}, around, evidence)
        if _shared(against, around, evidence) > said:
            problems.append(Problem(kind="negation", text=word.text))
        elif sense not in evidence.scope.stems and _shared(besides, around, evidence) > said:
            problems.append(Problem(kind="support", text=word.text))
    return problems


def check_hedges(statement: Statement, evidence: Evidence, attribution: str | None) -> list[Problem]:
    """Return, as warnings, the hedges of the best sentence that the statement leaves out."""
    if evidence.coverage < _CLOSELY_SAME or not evidence.aligned:
        return []
    return [
        Problem(kind="hedge", text=hedge.cue, hard=False)
        for hedge in _left_out(evidence.aligned[0].hedges, statement.hedges, statement.stems)
        if hedge.cue not in (attribution or "")
    ]


def _surroundings(statement: Statement, position: int) -> frozenset[str]:
    """Return the content stems within a few words of a place in the statement."""
    near = statement.words[max(0, position - _SURROUNDING_WORDS) : position + _SURROUNDING_WORDS + 1]
    return frozenset(word.stem for word in near if word.content and word is not statement.words[position])


def _shared(stems: frozenset[str], around: frozenset[str], evidence: Evidence) -> int:
    """Return how many of the words around stand around one of these stems in the context, at most."""
    places = evidence.context.places
    spots = (spot for stem in stems if stem in places for spot in places[stem][:_MOST_SPOTS])
    return max((len(around & _surroundings(said, position)) for said, position in spots), default=0)


def _left_out(source: Sequence[Reach], claim: Sequence[Reach], stems: frozenset[str]) -> list[Reach]:
    """Return the reaches of a source sentence whose matter a claim states without a cue of its own."""
    if len(claim) >= len(source):
        return []
    kept = {stem for reach in claim for stem in reach.stems}
    return [
        reach
        for reach in source
        if reach.stems and set(reach.stems[:_CORE_STEMS]) <= stems and reach.stems[0] not in kept
    ]


def _is_denied(denial: Reach, evidence: Evidence) -> bool:
    """Return whether the sentences that speak of what is denied deny it as well, or say its opposite."""
    about = set(denial.stems)
    same = about.union(*(lexicon().same(stem) for stem in about))
    opposite = frozenset[str]().union(*(lexicon().against(stem) for stem in about))
    spoken = [said for said in evidence.context.statements if said.stems & same]
    for said in spoken or evidence.aligned:
        if any(set(other.stems) & same for other in said.denials) or opposite & said.stems:
            return True
        if said.stems & lexicon().denying and all(_says(said, stem) for stem in about):
            return True
        if not about and said.denials:
            return True
    return False


def _says(said: Statement, stem: str) -> bool:
    return stem in said.stems or bool(lexicon().same(stem) & said.stems)


def _dropped(statement: Statement, evidence: Evidence) -> list[Reach]:
    """Return the denials of the best sentence whose matter the statement states undenied."""
    if not evidence.aligned or (statement.stems - evidence.aligned[0].stems) & lexicon().denying:
        return []
    left_out = _left_out(evidence.aligned[0].denials, statement.denials, statement.stems)
    if not left_out:
        return []
    affirmed = {stem for said in evidence.context.statements if not said.denials for stem in said.stems}
    return [denial for denial in left_out if not set(denial.stems[:_CORE_STEMS]) <= affirmed]
