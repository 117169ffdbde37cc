"""Support: how much of what a claim says stands in its source, in the same or in like words."""

from __future__ import annotations

from bot.model import Problem
from bot.proof.lexicon import lexicon
from bot.proof.source import Evidence
from bot.proof.statements import Statement, Word

# Below the first a claim is not supported; below the second it carries a warning.
_LEAST_SUPPORT = 0.65
_GOOD_SUPPORT = 0.75
# What a word counts that stands elsewhere in the article, or there by a synonym only.
_ELSEWHERE = 0.7
_SYNONYM = 0.8
# Words that fit every story: a claim may bring them along.
_LIGHT = frozenset(
    """number way lot best thing things kind part case connection wake despite thus past else behind ahead across within
    amid take took taken make made come came go went gone keep kept set know known become became include including
    several due use used using various bring brought put turn turned get got gotten give gave given show showed shown
    begin began begun start started remain remained see saw seen look looked call called want wanted try tried need needed
    almost nearly around roughly approximately currently recently now later earlier soon already yet ever never
    currently former latest recent major big large great good well better long late early old
    however therefore meanwhile moreover although though since whether either neither among along without
    involving regarding concerning based related according alleged reported reportedly able""".split()
)
# A noun stands after one of these, or after one of these and an adjective.
_BEFORE_NOUN = frozenset(
    """a an the his her its their our my your of in on at by for from with into as and or this that these those some any no
    per over under than""".split()
)
_NOT_NOUN_ENDINGS = ("ed", "ly", "ing", "'s")
_AFTER_NOUN = frozenset('.,;:)"')


def check_support(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return one problem if too little of the statement stands in its source, and one for each noun it brings in."""
    support = measure_support(statement, evidence)
    if support < _LEAST_SUPPORT:
        return [Problem(kind="support", text=statement.text[:120])]
    problems = [Problem(kind="support", text=noun) for noun in _foreign_nouns(statement, evidence)]
    if support < _GOOD_SUPPORT and not problems:
        problems.append(Problem(kind="support", text=statement.text[:120], hard=False))
    return problems


def measure_support(statement: Statement, evidence: Evidence) -> float:
    """Return the part of the statement's content words that its source says, 0..1."""
    content = [word.stem for word in statement.words if word.content and word.text not in _LIGHT]
    content = content or [word.stem for word in statement.words]
    if not content:
        return 0.0
    return sum(_weight(stem, evidence) for stem in content) / len(content)


def _weight(stem: str, evidence: Evidence) -> float:
    if stem in evidence.context.stems:
        return 1.0
    same = lexicon().same(stem)
    if same & evidence.context.stems:
        return _SYNONYM
    if stem in evidence.scope.stems or same & evidence.source.everything.stems:
        return _ELSEWHERE
    return 0.0


def _foreign_nouns(statement: Statement, evidence: Evidence) -> list[str]:
    """Return the nouns, as far as their surroundings tell, that the article never says in any way."""
    if not statement.text.isascii():
        return []
    known = evidence.source.everything.stems
    words = statement.words
    return [
        word.text
        for index, word in enumerate(words)
        if word.content
        and word.stem not in known
        and word.text not in _LIGHT
        and not lexicon().same(word.stem) & known
        and _is_noun(words, index, statement.folded)
    ]


def _is_noun(words: tuple[Word, ...], index: int, text: str) -> bool:
    word = words[index]
    if not word.text.isalpha() or word.text.endswith(_NOT_NOUN_ENDINGS) or not text[word.start].islower():
        return False
    end = word.start + len(word.text)
    closes = index + 1 == len(words) or text[end : end + 1] in _AFTER_NOUN or not words[index + 1].content
    before = [each.text for each in words[max(0, index - 2) : index]]
    opens = bool(before) and (before[-1] in _BEFORE_NOUN or (before[0] in _BEFORE_NOUN and words[index - 1].content))
    return closes and opens
