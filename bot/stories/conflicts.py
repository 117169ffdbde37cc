"""Sources of one story that disagree on a number, a date or an outcome, to be shown side by side.

Precision comes first: what is shown as a conflict should be one. Two sentences are only compared when they plainly
speak of the same (the same measured thing, the same verb, the same subject). What a source says later itself, what only
grows, such as a death toll, and what a later article says has changed are updates and no conflicts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from bot.model import Article, Citation, Conflict, ConflictKind, ConflictSide, Summary
from bot.proof.words import Word
from bot.stories.facts import Stated, read_facts
from bot.stories.measures import Measure, agree
from bot.stories.updates import has_had_time, outgrows, replaces, tells_a_repeat
from bot.text.dates import DateSpan
from bot.text.word_sets import any_of

# Articles of one story that are compared, the first ones: a hundred reports hold no further disagreement.
MAX_ARTICLES: Final = 40
# Conflicts of a story that are worth showing, and sides of one.
MAX_CONFLICTS: Final = 5
MAX_SIDES: Final = 4
# Numbers this many times apart measure different things: one attack and a whole war.
_FAR_APART: Final = 5
# Share of the shorter sentence's content words that both hold when they speak of the same, and how many at least.
_SAME_COUNT: Final = 0.6
_SAME_EVENT: Final = 0.5
_SAME_OUTCOME: Final = 0.6
_FEWEST_SHARED: Final = 3
# Words before an outcome within which its subject stands.
_SUBJECT_WORDS: Final = 4
# "Pleaded not guilty" is what somebody says, "found guilty" what came out.
_PLEA: Final = re.compile(
    r"\b(?:(?:plead\w*|pled|accus\w+|charged|sought|asked|wants?|wanted)\s+(?:\w+\s+)?|(?:to|be)\s+)$", re.IGNORECASE
)
_MARKERS: Final = "ABCD"
# How things come out, one matter a line: what holds, and what then does not.
_OUTCOME_PAIRS: Final = (
    ("won wins", "lost loses"),
    ("confirmed confirms", "denied denies refuted dismissed"),
    ("opened reopened opens reopens", "closed closes shut"),
    ("approved approves backed passed adopted ratified", "rejected rejects defeated vetoed blocked"),
    ("accepted accepts", "refused refuses rejected declined rejects"),
    ("agreed agrees", "refused refuses declined"),
    ("convicted guilty", "acquitted innocent cleared"),
    ("survived survives", "died dies"),
    ("resigned resigns quit", "stayed stays remains"),
    ("signed signs", "vetoed"),
    ("released freed", "jailed detained"),
    ("lifted ended", "extended prolonged"),
    ("rose rises increased grew climbed", "fell falls decreased shrank dropped declined"),
    ("resumed resumes", "suspended halted cancelled canceled"),
    ("allowed allows", "banned bans forbade"),
    ("succeeded", "failed"),
    ("arrived attended appeared", "missed skipped"),
    ("admitted admits", "denied denies"),
    ("happened collapsed exploded crashed sank reached", ""),
)

_OUTCOMES: Final = {
    word: tuple(
        (str(number), word in holding.split())
        for number, (holding, failing) in enumerate(_OUTCOME_PAIRS)
        if word in holding.split() or word in failing.split()
    )
    for pair in _OUTCOME_PAIRS
    for side in pair
    for word in side.split()
}
_OUTCOME_WORD: Final = re.compile(rf"\b(?:{any_of(' '.join(_OUTCOMES))})\b", re.IGNORECASE)

_TURNING: Final = frozenset(
    matter
    for word in ["opened", "accepted", "agreed", "survived", "lifted", "rose", "resumed", "allowed", "released"]
    for matter, _ in _OUTCOMES[word]
)
"""Matters in which both can come, one after the other."""

Reading = tuple[Stated, str, str]
"""A sentence, its value as compared and as shown."""


def find_conflicts(articles: Sequence[Article], summaries: Mapping[str, Summary]) -> tuple[Conflict, ...]:
    """Return where the articles of one event disagree: those that touch a bullet first, then numbers, dates, outcomes.

    A near-copy says nothing of its own.
    """
    present = {article.id for article in articles}
    own = [article for article in articles if article.duplicate_of not in present][:MAX_ARTICLES]
    if len(own) < 2:
        return ()
    facts = read_facts(own)
    stated = [*_numbers(facts), *_dates(facts), *_outcomes(facts)]
    found = [conflict for conflict in stated if _has_two_articles(conflict)]
    return tuple(sorted(found, key=lambda conflict: not _is_told(conflict, summaries))[:MAX_CONFLICTS])


def _has_two_articles(conflict: Conflict) -> bool:
    """Return whether its sides are of several articles: one that says both disagrees with nobody."""
    return len({side.citation.article_id for side in conflict.sides}) > 1


def _is_told(conflict: Conflict, summaries: Mapping[str, Summary]) -> bool:
    return any(
        index in bullet.sentences
        for side in conflict.sides
        if (summary := summaries.get(side.citation.article_id)) is not None
        for bullet in summary.bullets
        for index in side.citation.sentences
    )


def _numbers(facts: Sequence[Stated]) -> Iterator[Conflict]:
    of_thing: dict[tuple[str, ...], dict[int, list[tuple[Stated, Measure]]]] = defaultdict(lambda: defaultdict(list))
    for stated in facts:
        for measure in stated.measures:
            of_thing[measure.thing][stated.place].append((stated, measure))
    for thing, by_article in of_thing.items():
        # An article that gives several values for one thing speaks of several things.
        clear = [said for said in by_article.values() if _is_one_value([measure for _, measure in said])]
        needs_context = not (clear and (clear[0][0][1].is_toll or thing == ("magnitude",)))
        pairs = [
            pair
            for one, other in combinations(clear, 2)
            if (pair := _disagreeing(one, other, needs_context=needs_context)) is not None
        ]
        if pairs:
            sides = [side for pair in pairs for side in pair]
            about = min((measure.about for _, measure in sides), key=len)
            yield _conflict(
                "number", about, [(stated, repr(measure.value), measure.shown) for stated, measure in sides]
            )


def _is_one_value(measures: Sequence[Measure]) -> bool:
    return all(agree(one, other) for one, other in combinations(measures, 2))


def _disagreeing(
    one: Sequence[tuple[Stated, Measure]], other: Sequence[tuple[Stated, Measure]], *, needs_context: bool
) -> tuple[tuple[Stated, Measure], tuple[Stated, Measure]] | None:
    for stated, measure in one:
        for against, counter in other:
            if agree(measure, counter) or replaces(stated, against) or outgrows(stated, against, measure, counter):
                return None
    for left in one:
        for right in other:
            if max(left[1].value, right[1].value) > _FAR_APART * min(left[1].value, right[1].value):
                continue
            if _same_matter(left[0], right[0], needs_context=needs_context):
                return left, right
    return None


def _same_matter(one: Stated, other: Stated, *, needs_context: bool) -> bool:
    if (one.names and other.names and not one.names & other.names) or one.is_on_another_day(other):
        return False
    if not needs_context:
        return True
    return bool(one.names & other.names) and _overlap(one, other) >= _SAME_COUNT


def _dates(facts: Sequence[Stated]) -> Iterator[Conflict]:
    by_governor: dict[str, list[tuple[Stated, DateSpan]]] = defaultdict(list)
    for stated in facts:
        span = stated.day
        if span is not None and (governor := stated.governor(span)) is not None:
            by_governor[governor].append((stated, span))
    for said in by_governor.values():
        pairs = [
            (one, other)
            for one, other in combinations(said, 2)
            if not replaces(one[0], other[0])
            and one[1].period != other[1].period
            and one[1].text.casefold() != other[1].text.casefold()
            and (one[1].tense == "future") == (other[1].tense == "future")
            and _same_event(*one, *other)
        ]
        readings = [reading for pair in pairs for reading in pair]
        if readings and not _name_both_days(readings, facts):
            about = _date_topic(readings[0][0], readings[0][1])
            yield _conflict("date", about, [(stated, _day_of(span), span.text) for stated, span in readings])


def _name_both_days(readings: Sequence[tuple[Stated, DateSpan]], facts: Sequence[Stated]) -> bool:
    """Return whether one article names the days of both sides: then they are two events."""
    days = {span.period for _, span in readings}
    named: dict[int, set[object]] = defaultdict(set)
    for stated in facts:
        named[stated.place].update(span.period for span in stated.dates if span.period in days)
    return any(len(found) > 1 for found in named.values())


def _same_event(one: Stated, span: DateSpan, other: Stated, against: DateSpan) -> bool:
    """Return whether one of two dated clauses holds all that the other tells, and neither tells of a repeat."""
    if not one.names & other.names or tells_a_repeat(one) or tells_a_repeat(other):
        return False
    left, right = one.clause_before(span), other.clause_before(against)
    shorter, longer = sorted((left, right), key=len)
    return len(shorter) >= _FEWEST_SHARED and shorter <= longer and _overlap(one, other) >= _SAME_EVENT


def _day_of(span: DateSpan) -> str:
    return span.period.first.isoformat() if span.period else ""


def _date_topic(stated: Stated, span: DateSpan) -> str:
    """Return the words before a date that say what was on it."""
    before = stated.sentence.text[: span.start].rstrip()
    return " ".join(before.split()[-6:]).strip(' ,;:“”"')


def _outcomes(facts: Sequence[Stated]) -> Iterator[Conflict]:
    by_outcome: dict[str, list[_Outcome]] = defaultdict(list)
    for stated in facts:
        if _OUTCOME_WORD.search(stated.sentence.text) and stated.is_of_now and stated.is_certain:
            for outcome in _outcomes_of(stated):
                by_outcome[outcome.matter].append(outcome)
    for found in by_outcome.values():
        said = _of_one_mind(found)
        of_topic: dict[str, list[Reading]] = defaultdict(list)
        for one, other in combinations(said, 2):
            if one.holds != other.holds and not _is_what_came(one, other) and _same_outcome(one, other):
                of_topic[_outcome_topic(one)] += [
                    (each.stated, str(each.holds), _around(each)) for each in (one, other)
                ]
        for topic, readings in of_topic.items():
            yield _conflict("outcome", topic, readings)


def _of_one_mind(said: Sequence[_Outcome]) -> list[_Outcome]:
    """Return what those articles say that do not say both: they speak of two things, or of both sides."""
    minds: dict[tuple[int, str], set[bool]] = defaultdict(set)
    for outcome in said:
        minds[outcome.stated.place, _outcome_topic(outcome)].add(outcome.holds)
    return [outcome for outcome in said if len(minds[outcome.stated.place, _outcome_topic(outcome)]) == 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """One word that says how something came out; `holds` is false for the second word of a pair, or a denied first."""

    stated: Stated
    word: Word
    matter: str
    holds: bool


def _outcomes_of(stated: Stated) -> Iterator[_Outcome]:
    for word in stated.statement.words:
        if _PLEA.search(stated.statement.folded[: word.start]):
            continue
        for matter, holds in _OUTCOMES.get(word.text, ()):
            is_denied = any(word.sense in reach.stems[:1] for reach in stated.statement.denials)
            yield _Outcome(stated=stated, word=word, matter=matter, holds=holds != is_denied)


def _is_what_came(one: _Outcome, other: _Outcome) -> bool:
    """Return whether one came after the other: a later word, another day, or a state that has turned since."""
    if replaces(one.stated, other.stated) or one.stated.is_on_another_day(other.stated):
        return True
    return one.matter in _TURNING and has_had_time(one.stated, other.stated)


def _same_outcome(one: _Outcome, other: _Outcome) -> bool:
    subject = _subject(one.stated, one.word)
    if not subject or not subject & _subject(other.stated, other.word):
        return False
    return _overlap(one.stated, other.stated, without={one.word.stem, other.word.stem}) >= _SAME_OUTCOME


def _subject(stated: Stated, word: Word) -> frozenset[str]:
    """Return the stems of the last name before a word in its clause, or of the noun there."""
    names = [name for name in stated.statement.names if name.end <= word.start]
    if not names:
        return frozenset()
    last = names[-1]
    between = sum(1 for other in stated.statement.words if last.end <= other.start < word.start)
    if between > _SUBJECT_WORDS:
        return frozenset()
    return frozenset(token.lower().removesuffix("'s") for token in last.text.split())


def _overlap(one: Stated, other: Stated, *, without: Iterable[str] = ()) -> float:
    left, right = one.stems.difference(without), other.stems.difference(without)
    shared = len(left & right)
    return shared / min(len(left), len(right)) if shared >= _FEWEST_SHARED else 0.0


def _around(outcome: _Outcome) -> str:
    """Return a word of a sentence as it stands there, with the words right around it."""
    text = outcome.stated.sentence.text
    before, after = text[: outcome.word.start].split()[-2:], text[outcome.word.start :].split()[:3]
    return " ".join([*before, *after]).strip(" ,;:.")


def _outcome_topic(outcome: _Outcome) -> str:
    """Return the name that an outcome is said of, as the sentence has it."""
    before = [name for name in outcome.stated.statement.names if name.end <= outcome.word.start]
    return before[-1].text if before else "what came of it"


def _conflict(kind: ConflictKind, about: str, readings: Iterable[Reading]) -> Conflict:
    """Return the conflict with one side a value, in the order in which the articles stand."""
    sides: dict[str, Reading] = {}
    for reading in sorted(readings, key=lambda one: one[0].place):
        sides.setdefault(reading[1], reading)
    chosen = list(sides.values())[:MAX_SIDES]
    return Conflict(
        kind=kind,
        about=about,
        sides=tuple(
            ConflictSide(value=shown, citation=_citation(stated, marker))
            for marker, (stated, _, shown) in zip(_MARKERS, chosen, strict=False)
        ),
    )


def _citation(stated: Stated, marker: str) -> Citation:
    article = stated.article
    return Citation(
        marker=marker,
        article_id=article.id,
        seq=article.ingested_seq,
        path=article.path,
        title=article.title or article.path,
        sentences=(stated.sentence.index,),
        quote=stated.sentence.text,
        source=article.source,
        published_at=article.published_at,
    )
