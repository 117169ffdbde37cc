"""Invented news of any number, with the word frequencies of real news: for measuring how cost grows with an archive.

Words follow Zipf's law in two regimes, a common lexicon and words that go on for as long as the archive grows; articles
belong to stories that share names, places and words, and a few names stand in the news every day. As measured, beside
the 1,380 articles of `ret_news_known`: 420 words an article (real: 421), 191 distinct (204), 2,240 bytes (2,474), and
24,000 distinct words in all (20,500).
Source: Ferrer i Cancho and Solé 2001, Two regimes in the frequency of words.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, islice
from typing import Final

from bot.model import Article, Sentence

# Words up to this rank are the common lexicon; of rarer ones the frequency falls with this power of the rank.
COMMON_WORDS = 5_000
RARE_POWER = 2.1
MOST_WORDS = 50_000_000
FAMILY_NAMES = 500_000
FUNCTION_WORDS: Final[tuple[str, ...]] = tuple(
    re.findall(
        r"\w+",
        "the of to a in and that for is on was with as it by at from his be has are have had he an not were will who "
        "but said they this its which been their or would more up one after when about out two her she there all first",
    )
)
# Of which kind the words of a text are, by their shares.
_KINDS = ("function", "story", "name of the story", "known name", "number", "other")
_SHARES = tuple(accumulate((0.43, 0.14, 0.03, 0.02, 0.015, 0.365)))
STORY_WORDS = 40
STORY_NAMES = 4
KNOWN_NAMES = 3_000
LARGEST_NUMBER = 100_000
# Articles that follow the first of a story.
MEAN_FOLLOW = 3
MOST_FOLLOW = 30
SENTENCES = (10, 29)
SENTENCE_WORDS = (8, 32)
NEWS_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
STORIES_A_DAY = 150
# After so many stories, those of nine years, the calendar begins anew.
STORIES_DATED = 500_000

_ONSETS = re.findall(r"\w+", "b c d f g h j k l m n p r s t v w br cr dr fl gr pl pr sh sl st th tr")
_NUCLEI = re.findall(r"\w+", "a e i o u ai ea ou")
_CODAS = ["", *re.findall(r"\w+", "l n r s t m ck nd")]
_SYLLABLES = len(_ONSETS) * len(_NUCLEI) * len(_CODAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class InventedArticle:
    """An article, and a question and a sentence of the kind that people look for it with."""

    article: Article
    question: str
    sentence: str


def invent_news(count: int, *, first: int = 0) -> Iterator[InventedArticle]:
    """Return that many articles, in the order they appear; `first` stories on, so that two calls share none."""
    return islice(_endless(first), count)


def _endless(first: int) -> Iterator[InventedArticle]:
    story = first
    while True:
        dice = random.Random(story)
        names = [_name(dice) for _ in range(STORY_NAMES)]
        words = [_word(dice) for _ in range(STORY_WORDS)]
        for part in range(1 + min(MOST_FOLLOW, int(dice.expovariate(1 / MEAN_FOLLOW)))):
            yield _article(dice, story, part, names, words)
        story += 1


def _article(dice: random.Random, story: int, part: int, names: list[str], words: list[str]) -> InventedArticle:
    texts = [_sentence(dice, names, words) for _ in range(dice.randint(*SENTENCES))]
    when = NEWS_BEGIN + timedelta(days=story % STORIES_DATED / STORIES_A_DAY, hours=6 * part)
    deed, thing, place = dice.choice(words), dice.choice(words), names[-1]
    texts.insert(dice.randrange(len(texts)), f"{names[0]} {deed}ed the {thing} in {place} on {when:%B} {when.day}.")
    sentences, start = [], 0
    for index, text in enumerate(texts):
        paragraph = index // 3
        sentences.append(Sentence(index=index, text=text, start=start, end=start + len(text), paragraph=paragraph))
        start += len(text) + (2 if (index + 1) // 3 != paragraph else 1)
    body = "".join(one.text + ("\n\n" if (one.index + 1) // 3 != one.paragraph else " ") for one in sentences).rstrip()
    article = Article(
        id=f"story-{story}-{part}",
        version=blake2b(body.encode(), digest_size=16).hexdigest(),
        path=f"story-{story}-{part}.txt",
        title=f"{names[0]} {' '.join(dice.sample(words, 5))}".capitalize(),
        source=f"The {_spelled(story % 40).capitalize()} Post",
        published_at=when,
        language="en",
        body=body,
        sentences=tuple(sentences),
    )
    return InventedArticle(
        article=article,
        question=dice.choice(
            (
                f"Who {deed}ed the {thing} in {place}?",
                f"When did {names[0]} {deed} the {thing}?",
                f"What did {names[1]} say about the {thing}?",
                f"How many {words[0]} did {names[1]} {deed} in {place}?",
            )
        ),
        sentence=dice.choice(texts),
    )


def _sentence(dice: random.Random, names: list[str], words: list[str]) -> str:
    made = [_token(dice, names, words) for _ in range(dice.randint(*SENTENCE_WORDS))]
    return f"{made[0][0].upper()}{made[0][1:]} {' '.join(made[1:])}."


def _token(dice: random.Random, names: list[str], words: list[str]) -> str:
    kind = dice.choices(_KINDS, cum_weights=_SHARES)[0]
    if kind == "function":
        return FUNCTION_WORDS[_rank(dice, len(FUNCTION_WORDS)) - 1]
    if kind == "story":
        return words[_rank(dice, len(words)) - 1]
    if kind == "name of the story":
        return dice.choice(names)
    if kind == "known name":
        return _known_name(_rank(dice, KNOWN_NAMES))
    if kind == "number":
        return str(_rank(dice, LARGEST_NUMBER))
    return _word(dice)


def _word(dice: random.Random) -> str:
    common, rare = math.log(COMMON_WORDS), 1 / (RARE_POWER - 1)
    place = dice.random() * (common + rare)
    if place < common:
        return _spelled(int(math.exp(place)))
    rank = COMMON_WORDS * (1 - (place - common) / rare) ** -rare
    return _spelled(min(int(rank), MOST_WORDS))


def _rank(dice: random.Random, count: int) -> int:
    """Return a number from 1 to count by Zipf's law with exponent 1: its logarithm is spread evenly."""
    return int(math.exp(dice.random() * math.log(count)))


def _name(dice: random.Random) -> str:
    given, family = _known_name(_rank(dice, KNOWN_NAMES)).split()[0], _spelled(dice.randrange(FAMILY_NAMES))
    return f"{given} {family.capitalize()}"


def _known_name(rank: int) -> str:
    return f"{_spelled(rank % 400 + 7_000).capitalize()} {_spelled(rank + 20_000).capitalize()}"


@lru_cache(maxsize=100_000)
def _spelled(number: int) -> str:
    """Return a word for each number, short ones for small numbers."""
    syllables = []
    number = number * 7 + 3
    while number:
        number, rest = divmod(number, _SYLLABLES)
        onset, rest = divmod(rest, len(_NUCLEI) * len(_CODAS))
        nucleus, coda = divmod(rest, len(_CODAS))
        syllables.append(f"{_ONSETS[onset]}{_NUCLEI[nucleus]}{_CODAS[coda]}")
    return "".join(syllables)
