"""Cuts an article into the rows of the search index and picks the sentences that answer a query. Pure.

A row is a section: a whole article of usual length, so that all words of a query count together, or a part of a
long one. Its terms are kept sentence by sentence, so that judging a section needs no text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from bot.model import Article, Sentence
from bot.stories.similarity import fingerprint
from bot.text.words import content_terms, remembered_terms, terms, without_stop_words

# Change it whenever sections come out differently, as with other stop words; changed terms and shingles are noticed by
# themselves.
FORMAT_VERSION: Final = 4
# Row numbers of one version of an article: `seq * SECTIONS_PER_VERSION + section`.
SECTIONS_PER_VERSION: Final = 1024
# Sentences in a section, about 1,000 words: nearly every news article is one section.
SECTION_SENTENCES: Final = 48
# Sentences of the passage that is shown with a hit, and its length at most.
PASSAGE_SENTENCES: Final = 3
MAX_PASSAGE_CHARS: Final = 2_000
# Terms of a sentence that are looked at: a 10 MB line is one sentence.
MAX_SENTENCE_TERMS: Final = 400
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
    """One row of the index: its number among all rows, and the terms of title and text as the index holds them.

    Terms are joined by spaces. No query asks for stop words, so they are left out, but `size` counts them: without
    their share of a text's length R@1 falls. `body` has a line for each sentence of the section, and a last one for
    what stands beside the sentences. Of a section that was read back from the index these are the keys of the terms.
    """

    row: int
    size: int
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a section holds of a query: the place of its best sentence, and shares (0 to 1) of the query's weight.

    `coverage` is the share that the sentences and the title hold, `density` that of the best sentence alone.
    """

    best: int
    coverage: float
    density: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The sentences shown for a hit and the best one among them."""

    text: str
    sentence_index: int
    sentence: str


def index_version() -> str:
    """Return a mark that changes whenever this program would index the same text differently."""
    made = "|".join(
        f"{_joined(content_terms(text, language))} {fingerprint(text).sample}" for language, text in _PROBES
    )
    return f"{FORMAT_VERSION}:{blake2b(made.encode(), digest_size=8).hexdigest()}"


def query_terms(text: str, language: str) -> list[str]:
    """Return the terms of a query that are worth looking up, in order; no stop words."""
    return [term for term in content_terms(text, language) if _is_indexed(term)]


def as_indexed(term: str) -> str:
    """Return the term as the index holds it: no character in it means anything to the tokenizer or to a query."""
    return term.translate(_WHOLE)


def cut_article(article: Article) -> tuple[tuple[int, int, str, str], ...]:
    """Return the sections of an article: number, size, terms of title and text; none when it has no words."""
    language = article.language
    title_terms = terms(article.title or "", language)
    title = _joined(without_stop_words(title_terms, language))
    extra = " ".join(filter(None, (article.deck, *article.key_points)))
    sections = []
    for number, (sentences, beside) in enumerate(_section_texts(article)):
        rest = " ".join(filter(None, (*beside, extra if number == 0 else "")))
        made = [remembered_terms(text, language) for text in (*sentences, rest)]
        size = len(title_terms) + sum(map(len, made))
        if size:
            lines = [_joined(without_stop_words(line, language)) for line in made]
            sections.append((number, size, title, "\n".join(lines)))
    return tuple(sections)


def number_sections(sections: Iterable[tuple[int, int, str, str]], seq: int) -> list[Section]:
    """Return the rows of the index for a version of an article, of what `cut_article` returned."""
    first = seq * SECTIONS_PER_VERSION
    return [Section(row=first + number, size=size, title=title, body=body) for number, size, title, body in sections]


def cut_sections(article: Article, seq: int) -> list[Section]:
    """Return the rows of the index for this version of an article."""
    return number_sections(cut_article(article), seq)


def match_section(section: Section, weights: Mapping[str, float], *, total: float) -> Match:
    """Return what a section holds of a query: `weights` by the keys of its terms, `total` with those nobody has."""
    wanted = weights.keys()
    held = [_held(line, wanted) for line in section.body.split("\n")[:-1]] or [set()]
    own = [_sum(one, weights) for one in held]
    beside = (_beside(held, index) - one for index, one in enumerate(held))
    scores = [score + _NEIGHBOUR * _sum(near, weights) for score, near in zip(own, beside, strict=True)]
    total = total or 1.0
    return Match(
        best=scores.index(max(scores)),
        coverage=_sum(_held(section.title, wanted).union(*held), weights) / total,
        density=max(own) / total,
    )


def show_passage(article: Article, section: int, best: int) -> Passage:
    """Return the sentences around the best one of a section."""
    size = _section_size(article)
    sentences = article.sentences[section * size : (section + 1) * size] or (_whole(article),)
    best = min(best, len(sentences) - 1)
    first = min(max(0, best - 1), max(0, len(sentences) - PASSAGE_SENTENCES))
    window = sentences[first : first + PASSAGE_SENTENCES]
    if sentences[best].end - window[0].start > MAX_PASSAGE_CHARS:
        window = sentences[best : best + 1]
    return Passage(
        text=article.body[window[0].start : window[-1].end][:MAX_PASSAGE_CHARS],
        sentence_index=sentences[best].index,
        sentence=sentences[best].text,
    )


def _joined(made: Iterable[str]) -> str:
    joined = " ".join(made)
    # Without a look at each term: no other text has Hangul.
    return as_indexed(joined if joined.isascii() else " ".join(filter(_is_indexed, joined.split(" "))))


def _is_indexed(term: str) -> bool:
    """Return whether the index holds the term: of Hangul only pairs of syllables, whole words made results worse."""
    return len(term) == 2 or not "가" <= term[0] <= "힣"


def _section_size(article: Article) -> int:
    """Return the sentences in a section; a very long article has longer sections, never too many."""
    return max(SECTION_SENTENCES, -(-len(article.sentences) // (SECTIONS_PER_VERSION - 1)))


def _section_texts(article: Article) -> Iterator[tuple[list[str], list[str]]]:
    """Return the sentences of each section in order, at least one, and the texts before, between and after them."""
    size = _section_size(article)
    all_sentences = article.sentences or (_whole(article),)
    end = 0
    for first in range(0, len(all_sentences), size):
        sentences = all_sentences[first : first + size]
        beside = []
        for sentence in sentences:
            beside.append(article.body[end : sentence.start].strip())
            end = sentence.end
        if first + size >= len(all_sentences):
            beside.append(article.body[end:].strip())
        yield [article.body[sentence.start : sentence.end] for sentence in sentences], beside


def _whole(article: Article) -> Sentence:
    """Return the body as one sentence, for an article that was not split."""
    return Sentence(index=0, text=article.body, start=0, end=len(article.body), paragraph=0)


def _held(line: str, wanted: Collection[str]) -> set[str]:
    return {key for key in line.split(" ", MAX_SENTENCE_TERMS)[:MAX_SENTENCE_TERMS] if key in wanted}


def _sum(held: Collection[str], weights: Mapping[str, float]) -> float:
    return sum(weights[term] for term in held) if held else 0.0


def _beside(held: Sequence[set[str]], index: int) -> set[str]:
    """Return the query terms in the sentences before and after one."""
    before = held[index - 1] if index else set()
    after = held[index + 1] if index + 1 < len(held) else set()
    return before | after
