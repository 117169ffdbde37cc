"""Words a digest as a message: a heading, an item for each story, what is only named, and what it rests on."""

from __future__ import annotations

from typing import Final

from bot.messages.stories import change_text, conflict_marks, conflict_text, sources_text, story_line
from bot.messages.wording import count_of, day_of, minute_of
from bot.model import (
    Block,
    Bullets,
    Coverage,
    Digest,
    DigestItem,
    Footer,
    Heading,
    KnownStory,
    Line,
    Message,
    Paragraph,
)

MAX_HEADLINES_HELD_BACK: Final = 20
"""Headlines named under "Also new"; the rest is counted."""

MAX_KNOWN_NAMED: Final = 3
"""Headlines of stories without news that are named; the rest is counted."""

MAX_CONFLICTS: Final = 2
"""Disagreements shown of one story; /story shows all."""


def digest_message(digest: Digest, *, with_proof: bool = False) -> Message:
    """Return the digest as a message; with proof, each bullet is followed by the sentences it cites."""
    blocks: list[Block] = [Heading(text=f"News digest · {minute_of(digest.made_at)}")]
    if not digest.items and not digest.held_back:
        blocks.append(Paragraph(text=_nothing_new(digest)))
    for number, item in enumerate(digest.items, start=1):
        blocks.extend(_item_blocks(number, item, with_proof=with_proof))
    if digest.held_back:
        blocks.append(Heading(text="Also new", level=2))
        named = [Line(text=headline) for headline in digest.held_back[:MAX_HEADLINES_HELD_BACK]]
        rest = len(digest.held_back) - len(named)
        if rest:
            named.append(Line(text=f"and {count_of(rest, 'more story', 'more stories')}"))
        blocks.append(Bullets(lines=tuple(named)))
    if digest.known and digest.items:
        blocks.append(Paragraph(text=known_text(digest.known), quiet=True))
    lines = coverage_lines(digest.coverage)
    if any(len(item.articles) > 1 for item in digest.items):
        lines = (*lines, "[2:sN] is a sentence of a story's second article.")
    blocks.append(Footer(lines=lines))
    return Message(blocks=tuple(blocks))


def coverage_lines(coverage: Coverage) -> tuple[str, ...]:
    """Return the footer: what was read, left out and merged, who wrote the summaries, and what that cost."""
    read = [
        f"{count_of(coverage.read, 'article')} read",
        f"{coverage.quarantined:,} quarantined",
        f"{coverage.merged:,} merged as near-copies",
    ]
    if coverage.known:
        read.append(f"{coverage.known:,} without news")
    if coverage.waiting:
        read.append(f"{count_of(coverage.waiting, 'file')} still being written")
    lines = ["Coverage: " + ", ".join(read) + "."]
    if coverage.shown:
        writers = []
        if coverage.extractive:
            writers.append(f"{coverage.extractive} extractive")
        if coverage.llm:
            writers.append(f"{coverage.llm} by the LLM")
        lines.append(
            f"Summaries: {', '.join(writers)}; cost ${coverage.usd:.2f}. [sN] is the sentence a line rests on."
        )
    if coverage.quarantined:
        lines.append("`newsbot status` lists what could not be read, and why.")
    return tuple(lines)


def known_text(known: tuple[KnownStory, ...]) -> str:
    """Return one line for all stories that tell nothing new."""
    articles = sum(story.articles for story in known)
    named = "; ".join(f"“{story.headline}”" for story in known[:MAX_KNOWN_NAMED])
    more = len(known) - MAX_KNOWN_NAMED
    rest = f"; and {count_of(more, 'more story', 'more stories')}" if more > 0 else ""
    return f"{count_of(articles, 'more article tells', 'more articles tell')} what you know: {named}{rest}"


def _item_blocks(number: int, item: DigestItem, *, with_proof: bool) -> list[Block]:
    headline = f"Update: {item.headline}" if item.novelty == "update" else item.headline
    blocks: list[Block] = [
        Heading(text=headline, level=2, marker=str(number)),
        Paragraph(text=_source_text(item), quiet=True),
        Bullets(lines=tuple(_lines(item, with_proof=with_proof))),
    ]
    remarks = _remarks(item)
    if remarks:
        blocks.append(Paragraph(text=" ".join(remarks), quiet=True))
    return blocks


def _source_text(item: DigestItem) -> str:
    text = sources_text(item.articles)
    told = item.headline_bullet
    if told is None:
        return text
    marks = ", ".join(f"s{index}" for index in told.citations[0].sentences)
    return f"{text} · headline from {marks}" if marks else text


def _lines(item: DigestItem, *, with_proof: bool) -> list[Line]:
    alone = len(item.articles) == 1
    texts = {article.id: article for article in item.articles} if with_proof else None
    change_of = {change.now: change for change in item.changes}
    lines: list[Line] = []
    for bullet in item.bullets:
        lines.append(story_line(bullet, alone=alone, texts=texts))
        change = change_of.get(bullet.citations[0])
        if change is not None:
            lines.append(Line(text=change_text(change)))
    if item.why_it_matters is not None:
        why = story_line(item.why_it_matters, alone=alone, texts=texts)
        lines.append(Line(text=f"Why it matters: {why.text}", marks=why.marks, proof=why.proof))
    lines.extend(
        Line(text=conflict_text(conflict), marks=conflict_marks(conflict, alone=alone))
        for conflict in item.story.conflicts[:MAX_CONFLICTS]
    )
    return lines


def _remarks(item: DigestItem) -> list[str]:
    remarks = []
    if item.merged:
        remarks.append(f"Also told, nearly word for word, by: {', '.join(item.merged)}.")
    told = [f"“{earlier.headline}” ({day_of(earlier.told_at)}, #{earlier.seq})" for earlier in item.earlier]
    if told:
        remarks.append(f"Earlier here: {'; '.join(told)}.")
    if item.note:
        kind = "Extractive summary" if item.writer == "extractive" else "Of this summary"
        remarks.append(f"{kind}: {item.note}.")
    return remarks


def _nothing_new(digest: Digest) -> str:
    coverage = digest.coverage
    if digest.known:
        return f"Nothing new: {known_text(digest.known)}."
    if coverage.merged:
        return f"Nothing new: {count_of(coverage.merged, 'article')} came in, all near-copies of what was told before."
    return "Nothing new since the last digest."
