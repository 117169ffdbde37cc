"""Support: how much of what a claim says stands in its source, in the same or in like words."""

from __future__ import annotations

from bot.model import Problem
from bot.proof.lexicon import lexicon
from bot.proof.source import Evidence
from bot.proof.statements import Statement
from bot.proof.words import Word

# Below the first a claim is not supported, below the second not even if it cites its sentences (they settle where it
# stands, so more of it may be in other words); below the third it carries a warning.
_LEAST_SUPPORT = 0.65
_LEAST_CITED_SUPPORT = 0.5
_GOOD_SUPPORT = 0.75
# A claim whose words come from all over the article may be put together of anything: where its best sentence holds less
# than the first of its weight, nearly all of it must stand there.
_SCATTERED_COVERAGE = 0.36
_SCATTERED_SUPPORT = 0.9
# What a word counts that stands elsewhere in the article, or there by a synonym only.
_ELSEWHERE = 0.7
_SYNONYM = 0.8
_NOT_NOUN_ENDINGS = ("ed", "ly", "ing", "'s")
_AFTER_VERB = frozenset({"how", "that", "whether", "why", "what", "when", "to"})
_AFTER_NOUN = frozenset('.,;:)"')


def check_support(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return one problem if too little of the statement stands in its source, and one for each noun it brings in."""
    support = measure_support(statement, evidence)
    least = _LEAST_CITED_SUPPORT if evidence.cited else _LEAST_SUPPORT
    if support < least or (support < _SCATTERED_SUPPORT and _is_scattered(evidence)):
        return [Problem(kind="support", text=statement.text[:120])]
    problems = [Problem(kind="support", text=noun) for noun in _foreign_nouns(statement, evidence)]
    if support < _GOOD_SUPPORT and not problems:
        problems.append(Problem(kind="support", text=statement.text[:120], hard=False))
    return problems


def measure_support(statement: Statement, evidence: Evidence) -> float:
    """Return the part of the statement's content words that its source says, 0..1."""
    if evidence.is_cut:
        return 1.0
    content = [word.sense for word in statement.words if word.content and word.text not in lexicon().light]
    content = content or list(statement.content)
    if not content:
        return 0.0
    return sum(_weight(stem, evidence) for stem in content) / len(content)


def _is_scattered(evidence: Evidence) -> bool:
    """Return whether no one sentence of the article says much of a statement that cites none."""
    return not evidence.cited and evidence.coverage < _SCATTERED_COVERAGE


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
        and word.text not in lexicon().light
        and not lexicon().same(word.sense) & known
        and _is_noun(words, index, statement.folded)
    ]


def _is_noun(words: tuple[Word, ...], index: int, text: str) -> bool:
    """Return whether a word has what opens the phrase of a noun before it and what ends one behind it."""
    word = words[index]
    if not word.text.isalpha() or word.text.endswith(_NOT_NOUN_ENDINGS) or not text[word.start].islower():
        return False
    end = word.start + len(word.text)
    following = words[index + 1] if index + 1 < len(words) else None
    closes = following is None or text[end : end + 1] in _AFTER_NOUN or not following.content
    if following is not None and following.text in _AFTER_VERB:
        return False
    before = [each.text for each in words[max(0, index - 2) : index]]
    openers = lexicon().noun_openers
    opens = bool(before) and (before[-1] in openers or (before[0] in openers and words[index - 1].content))
    return closes and opens
