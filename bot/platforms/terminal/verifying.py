"""`newsbot verify`: checks claims against the articles they speak of, one JSON line in, one out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.articles.building import build_articles
from bot.articles.formats import parse_file
from bot.errors import BadArticle, BadRequest
from bot.model import Verdict
from bot.platforms.terminal.contracts import verdict_object
from bot.platforms.terminal.json_lines import read_objects, text_field
from bot.platforms.terminal.printing import print_line
from bot.proof import Source, prepare_source, verify_claim

ARTICLES_KEPT = 64
"""Articles kept prepared: files of claims mostly hold several claims about one article in a row."""


def print_verdicts(file: Path, *, as_json: bool) -> int:
    """Print a verdict for each claim of the file, in order; return the exit code.

    Raises: BadRequest naming the line that can't be used.
    """
    for number, row in read_objects(file):
        where = f"{file}, line {number}"
        verdict = _verdict(row, where)
        if as_json:
            print_line(verdict_object(verdict))
        else:
            print(_sentence(text_field(row, "claim", where), verdict))
    return 0


def _verdict(row: dict[str, Any], where: str) -> Verdict:
    claim = text_field(row, "claim", where)
    article = row.get("article")
    if isinstance(article, str):
        article = {"text": article}
    if not isinstance(article, dict):
        raise BadRequest(f"{where}: the field 'article' should be the article's text, or an object with its text.")
    try:
        source, count = _prepare(json.dumps(article))
    except BadArticle as error:
        raise BadRequest(f"{where}: the article {error}.") from error
    return verify_claim(claim, source, cited=_cited(row.get("sentences"), count, where))


def _cited(value: object, count: int, where: str) -> Sequence[int] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise BadRequest(f"{where}: 'sentences' should be a list of sentence ids.")
    cited = []
    for item in value:
        text = str(item).lower().removeprefix("s")
        if not text.isdecimal() or int(text) >= count:
            raise BadRequest(f"{where}: the article has no sentence {item!r}; its ids run from 0 to {count - 1}.")
        cited.append(int(text))
    return cited or None


@lru_cache(maxsize=ARTICLES_KEPT)
def _prepare(article_json: str) -> tuple[Source, int]:
    (article, *_) = build_articles(parse_file(article_json.encode(), "article.json"), path="", collection="")
    # What stands around the body was said by the article too; it follows the sentences, so that their ids stay theirs.
    extras = (article.deck, *article.key_points, *article.subheads, *article.captions)
    sentences = [*(sentence.text for sentence in article.sentences), *(extra for extra in extras if extra)]
    source = prepare_source(sentences, title=article.title, published_at=article.published_at)
    return source, len(article.sentences)


def _sentence(claim: str, verdict: Verdict) -> str:
    problems = "; ".join(f"{problem.kind}: {problem.text}" for problem in verdict.problems)
    mark = "holds" if verdict.supported else "does not hold"
    return f"{mark:>13}  {verdict.score:.2f}  {claim}" + (f"  [{problems}]" if problems else "")
