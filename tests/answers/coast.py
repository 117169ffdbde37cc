"""An invented coast that the tests of answers share: what is written about it, and what nothing of that says."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.answers.answering import answer_question
from bot.model import Answer, Article
from bot.storage.archive import open_archive
from tests.sentences import sentences_of

BRIDGE = (
    "The Marl Bridge in Oldport will close for repairs on 14 June, the council said. "
    "Port officials estimate that the work will need around 340 welders. Neither the council nor the union has "
    "confirmed the figure. Ada Voss, a senior engineer at the Tern Institute, called the plan “plainly overdue.”"
)
FERRY = (
    "Transport minister Ilse Brandt met mayor Joren Pell in Eddingholm on 3 March to talk about ferries. "
    "The two agreed to buy three electric boats. Pell may visit Oldport next year, aides suggest. "
    "The town lacks a dock that could hold a large ferry."
)
COUNT_ONE = "A landslide near Quell killed 12 people on Monday, rescuers in the valley counted."
COUNT_TWO = "The landslide near Quell killed 19 people, the hospital in the valley counted on Tuesday."
COAST = {"bridge": BRIDGE, "ferry": FERRY, "one": COUNT_ONE, "two": COUNT_TWO}

UNANSWERABLE = (
    "Did Joren Pell visit Oldport?",
    "Which dock will hold the large ferry in Eddingholm?",
    "What is the name of the captain of the electric boats?",
    "Who won the election in Oldport on 14 June?",
    "When did Ilse Brandt visit Quell?",
    "How much did the three electric boats cost?",
    "How many people drowned in Eddingholm?",
)
"""Questions about the coast that none of its texts answers."""


def make_article(name: str, text: str, *, title: str | None = None, language: str = "en") -> Article:
    """Return an article of these paragraphs, which stand between empty lines; its name is its title if it has none."""
    return Article(
        id=name,
        version=name,
        path=f"{name}.txt",
        title=name.capitalize() if title is None else title,
        language=language,
        body=text,
        sentences=sentences_of(text, language),
        published_at=datetime(2026, 5, 2, tzinfo=UTC),
    )


async def answer_from(articles: list[Article], question: str) -> Answer:
    """Return the answer from an archive of these articles alone."""
    async with open_archive(":memory:") as archive:
        await archive.save_articles([], articles, [])
        return await answer_question(question, archive=archive, collections=None)


def span(answer: Answer) -> str:
    """Return what is bold."""
    assert answer.bold is not None
    return answer.text[slice(*answer.bold)]
