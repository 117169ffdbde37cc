"""The plain text of an e-mail: what mail programs put around an article that somebody wrote or passed on."""

from __future__ import annotations

from bot.articles.formats.stated import read_line, read_moment, read_names
from bot.articles.raw import RawArticle
from bot.model import RemovedLine
from bot.text.lazy import compile_later

MAX_NOTE_LINES = 10  # what a sender writes above what is passed on; longer, and it is the sender's own text
MAX_HEADER_LINES = 12
MAX_FOOT_LINES = 6  # a telephone signs within so many lines from the end
_FORWARD_MARK = compile_later(
    r"(?i)\s*(?:-{3,}\s*(?:forwarded message|original message|원본 메일|원본 메시지|전달된 메시지|"
    r"weitergeleitete nachricht|ursprüngliche nachricht|message transféré|message d'origine|mensaje reenviado|"
    r"转发的邮件|原始邮件)\s*-{3,}|begin forwarded message:)\s*$"
)
_HEADER = compile_later(r"\*?([A-Za-z가-힣 ]{2,20}?)\*?\s?:\*?\s+(.*)$")
_SUBJECT = frozenset({"subject", "제목", "betreff", "objet", "asunto"})
_SENDER = frozenset({"from", "보낸사람", "보낸 사람", "보낸이", "von", "de"})
_SENT = frozenset({"date", "sent", "날짜", "보낸 날짜", "보낸날짜", "datum", "gesendet", "fecha"})
_SENT_FROM = compile_later(
    r"(?i)\s*(?:sent from my |get outlook for |나의 .{1,20}에서 보냄|von meinem .{1,20} gesendet)"
)


def read_mail_text(text: str) -> RawArticle:
    """Return the article in the text; the headers of a message that was passed on are its metadata."""
    lines = [line.rstrip("\r") for line in text.split("\n")]
    end = _signature_start(lines)
    removed = _removed(lines, range(end, len(lines)), "signature")
    mark = next((number for number, line in enumerate(lines[: MAX_NOTE_LINES + 1]) if _FORWARD_MARK.match(line)), None)
    if mark is None:
        return RawArticle(text="\n".join(lines[:end]), removed=tuple(removed))
    start, stated = _forwarded_headers(lines, mark + 1)
    removed = [
        *_removed(lines, range(mark), "note of the sender"),
        *_removed(lines, range(mark, start), "header of the forwarded mail"),
        *removed,
    ]
    published_at, day_only = read_moment((stated.get("sent") or "").replace(" at ", " "))
    return RawArticle(
        text="\n".join(lines[start:end]),
        first_line=start + 1,
        title=read_line(stated.get("subject")),
        source=next(iter(read_names(stated.get("sender"))), None),
        published_at=published_at,
        published_day_only=day_only,
        removed=tuple(removed),
    )


def _signature_start(lines: list[str]) -> int:
    """Return where the sender's signature begins. Source: RFC 3676, section 4.3 (the line "-- ")."""
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    last_few = len(lines) - MAX_FOOT_LINES
    for number in range(first + 1, len(lines)):
        if lines[number] == "-- " or (number >= last_few and _SENT_FROM.match(lines[number])):
            return number
    return len(lines)


def _forwarded_headers(lines: list[str], start: int) -> tuple[int, dict[str, str]]:
    """Return where the forwarded text begins, and its sender, subject and date."""
    stated: dict[str, str] = {}
    number = start
    for number in range(start, min(start + MAX_HEADER_LINES, len(lines))):
        line = lines[number].strip()
        header = _HEADER.match(line)
        if header:
            name = header.group(1).strip().lower()
            for field, names in (("subject", _SUBJECT), ("sender", _SENDER), ("sent", _SENT)):
                if name in names:
                    stated.setdefault(field, header.group(2)[:500])
        elif line or stated:  # a blank line may come before the first header, never between two
            break
    return number, stated


def _removed(lines: list[str], numbers: range, reason: str) -> list[RemovedLine]:
    return [
        RemovedLine(line=number + 1, text=lines[number].strip(), reason=reason)
        for number in numbers
        if lines[number].strip()
    ]
