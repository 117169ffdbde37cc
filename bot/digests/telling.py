"""Words a digest as a message: a heading, an item for each article, what was left out, and what it rests on."""

from __future__ import annotations

from bot.messages.wording import byline_of, count_of, line_of, minute_of, note_of
from bot.model import Block, Bullets, Coverage, Digest, DigestItem, Footer, Heading, Line, Message, Paragraph

MAX_HEADLINES_HELD_BACK = 20
"""Headlines named under "Also new"; the rest is counted."""


def digest_message(digest: Digest, *, with_proof: bool = False) -> Message:
    """Return the digest as a message; with proof, each bullet is followed by the sentences it cites."""
    blocks: list[Block] = [Heading(text=f"News digest · {minute_of(digest.made_at)}")]
    if not digest.items and not digest.held_back:
        blocks.append(Paragraph(text=_nothing_new(digest.coverage)))
    for number, item in enumerate(digest.items, start=1):
        blocks.extend(_item_blocks(number, item, with_proof=with_proof))
    if digest.held_back:
        blocks.append(Heading(text="Also new", level=2))
        named = [Line(text=headline) for headline in digest.held_back[:MAX_HEADLINES_HELD_BACK]]
        rest = len(digest.held_back) - len(named)
        if rest:
            named.append(Line(text=f"and {count_of(rest, 'more article')}"))
        blocks.append(Bullets(lines=tuple(named)))
    blocks.append(Footer(lines=coverage_lines(digest.coverage)))
    return Message(blocks=tuple(blocks))


def coverage_lines(coverage: Coverage) -> tuple[str, ...]:
    """Return the footer: what was read, left out and merged, who wrote the summaries, and what that cost."""
    read = [
        f"{count_of(coverage.read, 'article')} read",
        f"{coverage.quarantined:,} quarantined",
        f"{coverage.merged:,} merged as near-copies",
    ]
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


def _item_blocks(number: int, item: DigestItem, *, with_proof: bool) -> list[Block]:
    text_of = {sentence.index: sentence.text for sentence in item.article.sentences}
    lines = tuple(
        line_of(
            bullet,
            proof=tuple(f"s{index}: {text_of[index]}" for index in bullet.sentences) if with_proof else (),
        )
        for bullet in item.summary.bullets
    )
    blocks: list[Block] = [
        Heading(text=item.summary.headline, level=2, marker=str(number)),
        Paragraph(text=byline_of(item.article), quiet=True),
        Bullets(lines=lines),
    ]
    if item.merged:
        copies = ", ".join(item.merged)
        blocks.append(Paragraph(text=f"Also told, nearly word for word, by: {copies}", quiet=True))
    if item.summary.note:
        blocks.append(Paragraph(text=note_of(item.summary), quiet=True))
    return blocks


def _nothing_new(coverage: Coverage) -> str:
    if coverage.merged:
        return f"Nothing new: {count_of(coverage.merged, 'article')} came in, all near-copies of what was told before."
    return "Nothing new since the last digest."
