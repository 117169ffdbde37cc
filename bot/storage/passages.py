"""Cuts an article into the rows of the search index and picks the passage that answers a query. Pure.

A row is a section: a whole article of usual length, so that all words of a query count together, or a part of a
long one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from bot.model import Article, Sentence
from bot.text.words import content_terms, remembered_terms, terms

# Change it whenever sections come out differently; changed terms are noticed by themselves.
FORMAT_VERSION: Final = 1
# Row numbers of one version of an article: `seq * SECTIONS_PER_VERSION + section`.
SECTIONS_PER_VERSION: Final = 1024
# Sentences in a section, about 1,000 words: nearly every news article is one section.
SECTION_SENTENCES: Final = 48
# Sentences of the passage that is shown with a hit, and its length at most.
PASSAGE_SENTENCES: Final = 3
MAX_PASSAGE_CHARS: Final = 2_000
# Characters of a sentence that are looked at: a 10 MB line is one sentence.
MAX_SENTENCE_CHARS: Final = 2_000
# What a sentence next to the best one adds to a passage, against what it holds itself.
_NEIGHBOUR: Final = 0.35

# ASCII that is neither letter nor digit would split a term in the index: it is moved to private use characters.
_WHOLE: Final = {code: chr(0xE000 + code) for code in range(128) if not chr(code).isalnum() and code != ord(" ")}
# Texts whose terms tell whether the program still makes the terms that the index holds.
_PROBES: Final = (
    ("en", "The mayor's 1,250 ferries were crossing (U.S.) harbours quickly: don't worry."),
    ("ko", "새항구 시장은 월요일에 다리를 열었다고 밝혔다."),
    ("de", "Die Bäcker hätten müde Häuser verlassen."),
    ("zh", "市长星期一开放了新桥。"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One row of the index: its number among all rows, and the terms of title and text, joined by spaces."""

    row: int
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The sentences shown for a hit and the best one among them.

    `coverage` is the share (0 to 1) of the query's weight that the section and the title hold, `density` that of the
    best sentence alone.
    """

    text: str
    sentence_index: int
    sentence: str
    coverage: float
    density: float


def index_version() -> str:
    """Return a mark that changes whenever this program would index the same text differently."""
    made = "|".join(_joined(terms(text, language)) for language, text in _PROBES)
    return f"{FORMAT_VERSION}:{blake2b(made.encode(), digest_size=8).hexdigest()}"


def query_terms(text: str, language: str) -> list[str]:
    """Return the terms of a query that are worth looking up, in order; no stop words."""
    return [term for term in content_terms(text, language) if _is_indexed(term)]


def as_indexed(term: str) -> str:
    """Return the term as the index holds it: no character in it means anything to the tokenizer or to a query."""
    return term.translate(_WHOLE)


def cut_sections(article: Article, seq: int) -> list[Section]:
    """Return the rows of the index for this version of an article; none when it has no words."""
    title = _joined(terms(article.title or "", article.language))
    bodies = [_joined(terms(text, article.language)) for text in _section_texts(article)]
    rest = " ".join(filter(None, (article.deck, *article.key_points)))
    if rest:
        bodies[0] = f"{bodies[0]} {_joined(terms(rest, article.language))}"
    return [
        Section(row=seq * SECTIONS_PER_VERSION + number, title=title, body=body)
        for number, body in enumerate(bodies)
        if title or body
    ]


def numbered_sections(sections: Iterable[tuple[int, str, str]], seq: int) -> list[Section]:
    """Return the rows that `cut_sections` would return, of their numbers within the version and their terms."""
    first = seq * SECTIONS_PER_VERSION
    return [Section(row=first + number, title=title, body=body) for number, title, body in sections]


def pick_passage(article: Article, section: int, weights: Mapping[str, float]) -> Passage:
    """Return the sentences of a section that hold most of the weighted query terms."""
    total = sum(weights.values()) or 1.0
    size = _section_size(article)
    sentences = article.sentences[section * size : (section + 1) * size] or (_whole(article),)
    held = [_held(sentence.text[:MAX_SENTENCE_CHARS], article.language, weights) for sentence in sentences]
    in_title = _held(article.title or "", article.language, weights)
    scores = [
        _sum(own, weights) + _NEIGHBOUR * _sum(_beside(held, index) - own, weights) for index, own in enumerate(held)
    ]
    best = scores.index(max(scores))
    first = min(max(0, best - 1), max(0, len(held) - PASSAGE_SENTENCES))
    window = sentences[first : first + PASSAGE_SENTENCES]
    if sentences[best].end - window[0].start > MAX_PASSAGE_CHARS:
        window = sentences[best : best + 1]
    return Passage(
        text=article.body[window[0].start : window[-1].end][:MAX_PASSAGE_CHARS],
        sentence_index=sentences[best].index,
        sentence=sentences[best].text,
        coverage=_sum(in_title.union(*held), weights) / total,
        density=max(_sum(own, weights) for own in held) / total,
    )


def _joined(made: Iterable[str]) -> str:
    return as_indexed(" ".join(term for term in made if _is_indexed(term)))


def _is_indexed(term: str) -> bool:
    """Return whether the index holds the term: of Hangul only pairs of syllables, whole words made results worse."""
    return len(term) == 2 or not "가" <= term[0] <= "힣"


def _section_size(article: Article) -> int:
    """Return the sentences in a section; a very long article has longer sections, never too many."""
    return max(SECTION_SENTENCES, -(-len(article.sentences) // (SECTIONS_PER_VERSION - 1)))


def _section_texts(article: Article) -> Iterator[str]:
    """Return the texts of the sections in order, at least one, the first and last with what lies around sentences."""
    size = _section_size(article)
    start = 0
    for index in range(size, len(article.sentences), size):
        end = article.sentences[index].start
        yield article.body[start:end]
        start = end
    yield article.body[start:]


def _whole(article: Article) -> Sentence:
    """Return the body as one sentence, for an article that was not split."""
    return Sentence(index=0, text=article.body, start=0, end=len(article.body), paragraph=0)


def _held(text: str, language: str, weights: Mapping[str, float]) -> set[str]:
    return weights.keys() & remembered_terms(text, language)


def _sum(held: Collection[str], weights: Mapping[str, float]) -> float:
    return sum(weights[term] for term in held)


def _beside(held: Sequence[set[str]], index: int) -> set[str]:
    """Return the query terms in the sentences before and after one."""
    before = held[index - 1] if index else set()
    after = held[index + 1] if index + 1 < len(held) else set()
    return before | after
