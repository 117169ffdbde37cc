"""Names: who and what a claim names must be named by its source, whole and in the right mouth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.model import Problem
from bot.proof.lexicon import lexicon
from bot.proof.source import Evidence, Scope, compact
from bot.proof.statements import Statement
from bot.proof.words import name_tokens
from bot.text.lazy import compile_later
from bot.text.names import Name, find_names
from bot.text.scripts import is_cjk
from bot.text.words import content_terms, terms

# The best sentence must hold this part of a claim before its speakers are compared.
_SAME_MATTER = 0.5
# ... and this part before the speakers of the sentences beside it no longer count.
_CLOSELY_SAME = 0.6
# A word of this many letters may be found inside a longer one ("Telefonica" in "telefonica's", "e-mail" in "email").
_SHORTEST_INSIDE_LETTERS = 5
_DEMONYM_ENDINGS = ("ian", "ean", "an", "n", "ese", "ish", "i", "er", "ers", "ians", "ans")
# What follows a name that opens a sentence, and seldom any other word there.
_AFTER_A_NAME = compile_later(
    r"(?:'s)?(?:,? (?:is|was|has|had|will|would|said|says|told|did|became|won|lost|and|who|which|also)\b|[,:'-])"
    r"|(?:'s)? (?:[a-z]{2,14}ed|[a-z]{2,14}s)\b|'s?\b|\W*$"
)
_SHORTEST_ROOT_LETTERS = 4
# Endings of words that open a sentence with a capital and are hardly ever names.
_COMMON_ENDINGS = ("ing", "ed", "ly", "ers", "ors", "ists", "ans", "ents")


def check_names(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return the names that the scope does not hold, or holds with another given name."""
    problems = []
    for name in statement.names:
        parts = [part for part in name_tokens(name.text) if not part.isdigit()]
        if not _stands(parts, evidence):
            if name.certain or _is_surely_name(name, statement) or _is_elsewhere(parts, evidence):
                problems.append(Problem(kind="name", text=name.text))
        elif _has_wrong_given_name(parts, evidence):
            problems.append(Problem(kind="name", text=name.text))
    return problems


def check_peoples(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return the places the statement puts before a word where the article only puts others ("Lutish ferries")."""
    problems = []
    peoples = evidence.scope.peoples
    for word, following in pairwise(statement.words):
        place = lexicon().place(word.stem)
        known = peoples.get(following.stem)
        if place and known and not place & known:
            problems.append(Problem(kind="name", text=f"{word.text} {following.text}"))
    return problems


def check_speakers(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return the speakers the statement names where only others speak in the sentences that say it."""
    return _not_heard(statement.speakers, statement, evidence)


def check_attribution(attribution: str, statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return the attribution if its words do not stand in the context, or somebody else says the statement there."""
    foreign = [term for term in content_terms(attribution) if term not in evidence.context.stems]
    if foreign and compact(attribution) not in evidence.context.compact:
        return [Problem(kind="attribution", text=attribution)]
    return _not_heard(find_names(attribution), statement, evidence)


def _not_heard(speakers: Sequence[Name], statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return those of the speakers whom the sentences that say the same do not name, though they have others speak."""
    if not speakers or evidence.coverage < _SAME_MATTER:
        return []
    best = evidence.aligned[0] if evidence.aligned and evidence.coverage >= _CLOSELY_SAME else None
    beside = [speaker for said in evidence.context.statements for speaker in said.speakers]
    heard = _words_of(best.speakers if best is not None and best.speakers else beside)
    if not heard or heard & _words_of(statement.names):
        return []
    named = heard | _words_of(best.names if best is not None else ())
    words_of = {speaker: _words_of([speaker]) for speaker in speakers}
    return [
        Problem(kind="attribution", text=speaker.text)
        for speaker, words in words_of.items()
        if words and not words & named and not _is_place(words)
    ]


def _stands(parts: list[str], evidence: Evidence) -> bool:
    """Return whether the scope names this: all of it, or its last word that the article uses for the whole."""
    here = [_is_known(part, evidence.scope) for part in parts]
    if all(here):
        return True
    if not (evidence.cited and here[-1]):
        return False
    whole = evidence.source.everything.pairs
    return all(known or pair in whole for known, pair in zip(here, pairwise(parts), strict=False))


def _is_elsewhere(parts: list[str], evidence: Evidence) -> bool:
    """Return whether the article has all of this name, though the cited window has not."""
    return evidence.cited and all(_is_known(part, evidence.source.everything) for part in parts)


def _is_known(part: str, scope: Scope) -> bool:
    """Return whether a word of a name stands in the scope: as itself, as its people, its initials or its long form."""
    plain = part.replace(".", "")
    if part in scope.tokens or plain in scope.tokens or part.rstrip("s") in scope.tokens:
        return True
    stem = (terms(part) or [part])[0]
    if stem in scope.stems or any(other in scope.stems for other in lexicon().place(stem)):
        return True
    if plain in scope.acronyms or any(root in scope.tokens for root in _roots(plain)):
        return True
    least = 1 if is_cjk(part) else _SHORTEST_INSIDE_LETTERS
    return len(plain) >= least and compact(plain) in scope.compact


def _roots(part: str) -> Iterator[str]:
    """Yield the names of places that a demonym may come from: Ruritanian from Ruritania, Lutish from Luta."""
    for ending in _DEMONYM_ENDINGS:
        if part.endswith(ending) and len(part) - len(ending) >= _SHORTEST_ROOT_LETTERS:
            root = part.removesuffix(ending)
            yield from (root, root + "a", root + "ia", root + "y", root + "e")


def _is_surely_name(name: Name, statement: Statement) -> bool:
    """Return whether a capitalised word that opens a sentence is followed as a name is, and is no common word."""
    word = name.text.lower()
    if not _AFTER_A_NAME.match(statement.folded, name.end) or word.endswith(_COMMON_ENDINGS):
        return False
    stem = (terms(word) or [word])[0]
    return not (lexicon().same(stem) or lexicon().besides(stem))


def _has_wrong_given_name(parts: list[str], evidence: Evidence) -> bool:
    """Return whether the article gives the last of these words other names before it, never this one."""
    if len(parts) < 2:
        return False
    given, last = parts[-2:]
    if (given, last) in evidence.scope.pairs:
        return False
    article = evidence.source.everything
    known = article.given_names.get(last)
    if not known or (given, last) in article.pairs:
        return False
    return not any(_is_short_for(given, other) for other in known)


def _is_short_for(one: str, other: str) -> bool:
    """Return whether two given names may be one: an initial, a short form, an adjective of a place."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter] or (shorter > _SHORTEST_ROOT_LETTERS and one[:4] == other[:4])


def _words_of(names: Sequence[Name]) -> frozenset[str]:
    return frozenset(part for name in names for part in name_tokens(name.text))


def _is_place(parts: frozenset[str]) -> bool:
    return any(lexicon().place((terms(part) or [part])[0]) for part in parts)
