"""The JSON objects other programs rely on: one a line on standard output, nothing else there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.commands.status import Status, shown_path
from bot.model import Article, Bullet, Digest, FileRecord, Hit, Summary, Verdict


def to_line(value: Mapping[str, Any]) -> str:
    """Return one JSON line; every character shows as itself, lone surrogates escaped."""
    line = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return line.encode("utf-8", "backslashreplace").decode("utf-8")


def article_object(article: Article) -> dict[str, Any]:
    """Return what `newsbot read --json` says of an article."""
    return {
        "path": article.path,
        "id": article.id,
        "title": article.title,
        "byline": list(article.byline),
        "source": article.source,
        "url": article.url,
        "published_at": published_text(article),
        "language": article.language,
        "deck": article.deck,
        "key_points": list(article.key_points),
        "paragraphs": list(article.paragraphs),
        "sentences": [
            {"id": sentence.index, "text": sentence.text, "start": sentence.start, "end": sentence.end}
            for sentence in article.sentences
        ],
        "captions": list(article.captions),
        "removed": [{"line": line.line, "text": line.text, "reason": line.reason} for line in article.removed],
        "quarantined": None,
    }


def quarantined_object(path: str, reason: str) -> dict[str, Any]:
    """Return what `newsbot read --json` says of a file that can't be read: every field is there, and the reason."""
    empty = article_object(Article(id="", version="", path=path))
    return {**empty, "id": None, "language": None, "quarantined": reason}


def summary_object(path: str, summary: Summary) -> dict[str, Any]:
    """Return what `newsbot summarize --json` says of an article."""
    return {
        "path": path,
        "id": summary.article_id,
        "headline": summary.headline,
        "writer": summary.writer,
        "bullets": [bullet_object(bullet) for bullet in summary.bullets],
        "note": summary.note,
    }


def bullet_object(bullet: Bullet) -> dict[str, Any]:
    """Return one bullet and what it rests on."""
    return {
        "text": bullet.text,
        "attribution": bullet.attribution,
        "status": bullet.status,
        "sentences": list(bullet.sentences),
        "quote": bullet.quote,
    }


def verdict_object(verdict: Verdict) -> dict[str, Any]:
    """Return what `newsbot verify --json` says of a claim; `warning` marks problems that alone do not condemn it."""
    return {
        "supported": verdict.supported,
        "score": round(verdict.score, 4),
        "problems": [
            {"kind": problem.kind, "text": problem.text, "warning": not problem.hard} for problem in verdict.problems
        ],
    }


def hit_object(hit: Hit) -> dict[str, Any]:
    """Return what `newsbot search --json` says of one article found."""
    return {
        "id": hit.article_id,
        "path": hit.path,
        "title": hit.title,
        "score": round(hit.score, 4),
        "passage": hit.passage,
        "sentence": {"id": hit.sentence_index, "text": hit.sentence},
    }


def digest_object(digest: Digest) -> dict[str, Any]:
    """Return what `newsbot digest --json` says: the articles told, those only named, and what it rests on."""
    coverage = digest.coverage
    return {
        "made_at": digest.made_at.isoformat(),
        "since_seq": digest.since_seq,
        "until_seq": digest.until_seq,
        "items": [
            {
                "id": item.article.id,
                "path": item.article.path,
                "collection": item.article.collection,
                "title": item.article.title,
                "source": item.article.source,
                "url": item.article.url,
                "byline": list(item.article.byline),
                "published_at": published_text(item.article),
                "headline": item.summary.headline,
                "writer": item.summary.writer,
                "bullets": [bullet_object(bullet) for bullet in item.summary.bullets],
                "merged": list(item.merged),
                "note": item.summary.note,
            }
            for item in digest.items
        ],
        "also_new": list(digest.held_back),
        "coverage": {
            "read": coverage.read,
            "quarantined": coverage.quarantined,
            "waiting": coverage.waiting,
            "merged": coverage.merged,
            "shown": coverage.shown,
            "extractive": coverage.extractive,
            "llm": coverage.llm,
            "cost_usd": round(coverage.usd, 6),
        },
    }


def status_object(status: Status) -> dict[str, Any]:
    """Return what `newsbot status --json` says."""
    facts = status.facts
    return {
        "files": {state.value: count for state, count in facts.files.items()},
        "articles": facts.articles,
        "duplicates": facts.duplicates,
        "last_seq": facts.last_seq,
        "last_digest_at": facts.last_digest_at.isoformat() if facts.last_digest_at else None,
        "next_digest_at": status.next_digest_at.isoformat(),
        "llm": {
            "on": status.max_usd_per_day is not None,
            "tokens_today": status.tokens_today,
            "usd_today": round(status.usd_today, 6),
            "max_usd_per_day": status.max_usd_per_day,
        },
        "archive": {"place": facts.place, "bytes": facts.size_bytes, "schema": facts.schema_version},
        "quarantined": [_file_object(record) for record in status.quarantined],
        "waiting": [_file_object(record) for record in status.waiting],
        "read_in_part": [_file_object(record) for record in status.read_in_part],
    }


def _file_object(record: FileRecord) -> dict[str, Any]:
    return {"path": shown_path(record), "reason": record.reason}


def published_text(article: Article) -> str | None:
    """Return the publication date in ISO 8601 with the offset the source gave, or the day alone, or None."""
    if article.published_at is None:
        return None
    if article.published_day_only:
        return article.published_at.date().isoformat()
    return article.published_at.isoformat(timespec="minutes" if article.published_at.second == 0 else "seconds")
