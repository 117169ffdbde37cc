"""The JSON objects other programs rely on: one a line on standard output, nothing else there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.commands.status import Status, shown_path
from bot.model import (
    Answer,
    Article,
    Bullet,
    Change,
    Citation,
    Conflict,
    Digest,
    DigestItem,
    FileRecord,
    Hit,
    StoryBullet,
    Summary,
    Verdict,
)


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


def answer_object(answer: Answer) -> dict[str, Any]:
    """Return what `newsbot ask --json` says of a question; an answer that is not grounded has an empty text."""
    return {
        "question": answer.question,
        "answer": answer.text or None,
        "grounded": answer.grounded,
        "confidence": round(answer.confidence, 4),
        "span": None if answer.bold is None else answer.text[slice(*answer.bold)],
        "caveat": answer.caveat,
        "citations": [citation_object(citation) for citation in answer.citations],
        "conflicts": [_conflict_object(conflict) for conflict in answer.conflicts],
        "nearest": [citation_object(citation) for citation in answer.nearest],
    }


def hit_object(hit: Hit) -> dict[str, Any]:
    """Return what `newsbot search --json` says of one article found."""
    return {
        "id": hit.article.id,
        "path": hit.article.path,
        "title": hit.article.title or "",
        "score": round(hit.score, 4),
        "passage": hit.passage,
        "sentence": {"id": hit.sentence_index, "text": hit.sentence},
    }


def digest_object(digest: Digest) -> dict[str, Any]:
    """Return what `newsbot digest --json` says: the stories told, those only named, those known, and the coverage."""
    coverage = digest.coverage
    return {
        "made_at": digest.made_at.isoformat(),
        "since_seq": digest.since_seq,
        "until_seq": digest.until_seq,
        "items": [item_object(item) for item in digest.items],
        "also_new": list(digest.held_back),
        "known": [{"headline": known.headline, "articles": known.articles} for known in digest.known],
        "coverage": {
            "read": coverage.read,
            "quarantined": coverage.quarantined,
            "waiting": coverage.waiting,
            "merged": coverage.merged,
            "known": coverage.known,
            "shown": coverage.shown,
            "extractive": coverage.extractive,
            "llm": coverage.llm,
            "cost_usd": round(coverage.usd, 6),
        },
    }


def item_object(item: DigestItem) -> dict[str, Any]:
    """Return one story of a digest; `id`, `path`, `title` and what follows are those of the article that leads it."""
    lead, story = item.article, item.story
    return {
        "id": lead.id,
        "path": lead.path,
        "collection": lead.collection,
        "title": lead.title,
        "source": lead.source,
        "url": lead.url,
        "byline": list(lead.byline),
        "published_at": published_text(lead),
        "headline": item.headline,
        "headline_bullet": item.headline_bullet and story_bullet_object(item.headline_bullet),
        "why_it_matters": item.why_it_matters and story_bullet_object(item.why_it_matters),
        "writer": item.writer,
        "novelty": item.novelty,
        "bullets": [story_bullet_object(bullet) for bullet in item.bullets],
        "changes": [_change_object(change) for change in item.changes],
        "conflicts": [_conflict_object(conflict) for conflict in story.conflicts],
        "earlier": [
            {"headline": one.headline, "told_at": one.told_at.isoformat(), "seq": one.seq} for one in item.earlier
        ],
        "merged": list(item.merged),
        "note": item.note,
        "story": {
            "id": story.id,
            "storyline": story.storyline,
            "articles": [
                {"id": one.id, "path": one.path, "title": one.title, "source": one.source, "url": one.url}
                for one in item.articles
            ],
            "sources": list(story.sources),
        },
        "score": round(item.score, 4),
        "factors": [
            {"name": one.name, "weight": one.weight, "value": round(one.value, 4), "note": one.note}
            for one in item.factors
        ],
    }


def story_bullet_object(bullet: StoryBullet) -> dict[str, Any]:
    """Return one line of a story; `id`, `path`, `sentences` and `quote` are those of the citation it is worded from."""
    first = bullet.citations[0]
    return {
        "text": bullet.text,
        "attribution": bullet.attribution,
        "status": bullet.status,
        "id": first.article_id,
        "path": first.path,
        "sentences": list(first.sentences),
        "quote": first.quote,
        "citations": [citation_object(citation) for citation in bullet.citations],
    }


def citation_object(citation: Citation) -> dict[str, Any]:
    """Return the sentences of one article that something rests on."""
    return {
        "marker": citation.marker,
        "id": citation.article_id,
        "path": citation.path,
        "title": citation.title,
        "sentences": list(citation.sentences),
        "quote": citation.quote,
        "published_at": citation.published_at.isoformat() if citation.published_at else None,
    }


def _change_object(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "before": change.before,
        "after": change.after,
        "told_text": change.told_text,
        "told_at": change.told_at.isoformat(),
        "told": citation_object(change.told),
        "now": citation_object(change.now),
    }


def _conflict_object(conflict: Conflict) -> dict[str, Any]:
    return {
        "kind": conflict.kind,
        "about": conflict.about,
        "sides": [{"value": side.value, **citation_object(side.citation)} for side in conflict.sides],
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
        "next_digest_at": status.next_digest_at and status.next_digest_at.isoformat(),
        "llm": {
            "on": status.max_usd_per_day is not None,
            "tokens_today": status.tokens_today,
            "usd_today": round(status.usd_today, 6),
            "max_usd_per_day": status.max_usd_per_day,
        },
        "archive": {"place": facts.place, "bytes": facts.size_bytes, "schema": facts.schema_version},
        "work": status.work
        and {
            "waiting": status.work.waiting,
            "held": status.work.held,
            "leaders": {role: process or None for role, process in status.work.leaders.items()},
        },
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
