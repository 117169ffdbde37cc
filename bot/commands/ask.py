"""Answers from what was read: the sentences that come nearest to the question, each cited. Nothing is made up.

What is found is shown as what it is: sentences of articles. When too little of the question stands anywhere, the
answer says so and names the nearest articles.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bot.commands.context import Context
from bot.commands.declaring import Help
from bot.commands.finding import label_of
from bot.commands.search import nothing_found
from bot.commands.times import parse_since
from bot.commands.visibility import visible_hits
from bot.commands.wording import HEADING_CHARS, shorten
from bot.messages.wording import byline_of
from bot.model import Article, Block, Bullets, Button, Buttons, Footer, Heading, Line, Message, Paragraph, Sentence
from bot.text.words import content_terms, terms

MAX_QUESTION_CHARS = 2_000
"""Characters of a question; whoever pastes an article is looking for /search."""

ARTICLES_SEARCHED = 24
"""Best hits whose sentences are compared with the question."""

ARTICLES_CITED = 4
SENTENCES_AN_ARTICLE = 2

MIN_SHARE = 0.5
"""Share of the question's words that an article must hold for its sentences to be called an answer."""

MIN_OF_BEST = 0.75
"""Share of what the best article holds of the question that another one must hold to be cited beside it."""

MIN_TERMS_OF_SECOND = 2
"""Words of the question that a second sentence of an article must hold to be shown beside the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskArguments:
    """What `/ask` takes."""

    question: Annotated[str, Help("What you want to know", max=MAX_QUESTION_CHARS)]
    since: Annotated[str, Help("Only articles from then on: 24h, 7d, yesterday, 2026-05-03")] = ""
    source: Annotated[str, Help("Only articles of this source", complete="sources")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Sentences of one article that bear on the question, in its order, and the share of the question it holds."""

    article: Article
    sentences: tuple[Sentence, ...]
    share: float


async def answer_question(arguments: AskArguments, context: Context) -> Message:
    """Return the sentences that bear on the question, with where they stand, or the nearest articles."""
    since = parse_since(arguments.since, now=context.clock.now()) if arguments.since else None
    hits = await visible_hits(
        context.archive, arguments.question, limit=ARTICLES_SEARCHED, collections=context.collections
    )
    articles = [article for _, article in hits if _is_of(article, arguments.source, since)]
    if not articles:
        if hits and (arguments.source or since):
            return _nothing_within(arguments, [article for _, article in hits])
        return await nothing_found(arguments.question, context)
    return _answer(arguments.question, articles)


def find_sentences(question: str, article: Article) -> Finding:
    """Return the sentences of an article that hold most of the question's words, in the article's order."""
    wanted = frozenset(content_terms(question, article.language)) or frozenset(terms(question, article.language))
    held = [(len(wanted.intersection(terms(s.text, article.language))), s) for s in article.sentences]
    best = sorted(held, key=lambda pair: (-pair[0], pair[1].index))[:SENTENCES_AN_ARTICLE]
    chosen = [s for rank, (count, s) in enumerate(best) if count >= (MIN_TERMS_OF_SECOND if rank else 1)]
    present = wanted.intersection(terms(f"{article.title or ''}\n{article.body}", article.language))
    return Finding(
        article=article,
        sentences=tuple(sorted(chosen, key=lambda s: s.index)),
        share=len(present) / len(wanted) if wanted else 0.0,
    )


def _answer(question: str, articles: Sequence[Article]) -> Message:
    findings = [find_sentences(question, article) for article in articles if article.duplicate_of is None]
    findings = findings or [find_sentences(question, article) for article in articles]
    best = max(found.share for found in findings)
    least = max(MIN_SHARE, best * MIN_OF_BEST)
    grounded = [found for found in findings if found.share >= least and found.sentences]
    if not grounded:
        return _not_found(question, articles)
    # Sorting is stable: of articles that hold as much of the question, the search's better one stays first.
    cited = sorted(grounded, key=lambda found: -found.share)[:ARTICLES_CITED]
    lines = [
        Line(text=sentence.text, marks=(f"{number}:s{sentence.index}",))
        for number, found in enumerate(cited, start=1)
        for sentence in found.sentences
    ]
    sources = [
        Line(text=f"{label_of(found.article)} · {byline_of(found.article)}", marks=(str(number),))
        for number, found in enumerate(cited, start=1)
    ]
    return Message(
        blocks=(
            Heading(text=shorten(question, HEADING_CHARS)),
            Bullets(lines=tuple(lines)),
            Heading(text="Where this stands", level=2),
            Bullets(lines=tuple(sources)),
            Footer(lines=("These are the sources' own sentences that come nearest to the question, not a summary.",)),
            _buttons(question, [found.article for found in cited]),
        )
    )


def _not_found(question: str, articles: Sequence[Article]) -> Message:
    nearest = articles[:ARTICLES_CITED]
    lines = tuple(
        Line(text=f"{label_of(article)} · {byline_of(article)}", marks=(str(number),))
        for number, article in enumerate(nearest, start=1)
    )
    blocks: tuple[Block, ...] = (
        Heading(text=shorten(question, HEADING_CHARS)),
        Paragraph(text="I find no answer to this in what I have read."),
        Heading(text="The nearest articles", level=2),
        Bullets(lines=lines),
        _buttons(question, nearest),
    )
    return Message(blocks=blocks)


def _nothing_within(arguments: AskArguments, articles: Sequence[Article]) -> Message:
    limits = [f"of {arguments.source}"] if arguments.source else []
    limits.extend([f"since {arguments.since}"] if arguments.since else [])
    sources = sorted({article.source for article in articles if article.source})
    hint = f" What I found comes from {', '.join(sources[:5])}." if arguments.source and sources else ""
    text = f"Nothing I have read {' '.join(limits)} bears on this.{hint} Ask again without the limit to see the rest."
    return Message(blocks=(Heading(text=shorten(arguments.question, HEADING_CHARS)), Paragraph(text=text)))


def _is_of(article: Article, source: str, since: datetime | None) -> bool:
    if source and source.casefold() not in (article.source or "").casefold():
        return False
    # An undated article may be of any day: it is not held back.
    return since is None or article.published_at is None or article.published_at >= since


def _buttons(question: str, articles: Sequence[Article]) -> Buttons:
    subject = hashlib.sha256(question.encode("utf-8", "replace")).hexdigest()[:12]
    reading = (
        Button(label=f"Read {number}", action=f"page:article:{article.ingested_seq}:clean:0")
        for number, article in enumerate(articles, start=1)
    )
    return Buttons(
        buttons=(
            *reading,
            Button(label="Ask a follow-up", action="ask"),
            Button(label="👍", action=f"vote:up:ask-{subject}"),
            Button(label="👎", action=f"vote:down:ask-{subject}"),
        )
    )
