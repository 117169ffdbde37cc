"""E-mail: the article is its plain text, or its HTML where there is none worth the name; and its attachments.

The standard library parses any bytes; what it raises on is asked for with care: unknown charsets, broken dates,
headers in raw bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from itertools import islice

from bot.articles.charset import decode_text
from bot.articles.formats.mail_text import read_mail_text
from bot.articles.formats.markup import strip_tags
from bot.articles.formats.page import declared_charset, raw_of_page
from bot.articles.formats.stated import read_line, read_names
from bot.articles.html import read_html
from bot.articles.raw import ItemProblem, RawArticle, RawArticles
from bot.errors import BadArticle
from bot.model import RemovedLine
from bot.text.lazy import compile_later

MAX_PARTS = 200
MAX_HEADER_CHARS = 5_000  # of a subject, sender or date; longer ones are no such thing
FEWEST_TEXT_CHARS = 200  # shorter plain text beside HTML says "view this in your browser"
_ATTACHED_KINDS = (".pdf", ".docx", ".html", ".htm", ".md", ".txt", ".eml")
_HEADER = compile_later(rb"\A(?:From [^\n]{0,200}\n)?[\w-]{1,60}:", re.ASCII)
_KNOWN_HEADER = compile_later(
    rb"^(?:from|to|subject|date|received|return-path|message-id|mime-version|content-type):", re.I | re.M
)
_REPLY_MARK = compile_later(r"(?i)^(?:(?:re|fwd?|aw|wg|tr|rv|답장|전달)\s*:\s*)+")

ReadAttachment = Callable[[bytes, str], RawArticles]


def read_eml(data: bytes, path: str, *, read_attachment: ReadAttachment | None) -> RawArticles:
    """Return the article of a message, then those of its attachments, if there is something to read them with.

    Raises: BadArticle when it is no e-mail or has no text.
    """
    head = data[:20_000].lstrip().replace(b"\r\n", b"\n")
    if not _HEADER.match(head) or not _KNOWN_HEADER.search(head):
        raise BadArticle("is not an e-mail, although its name says so", path=path)
    try:
        message = message_from_bytes(data, policy=policy.default)
    except (MessageError, ValueError, LookupError) as error:
        raise BadArticle("is a damaged e-mail: save it again", path=path) from error
    parts = list(islice(_leaves(message), MAX_PARTS))
    body = _body(parts, path)
    attached, problems, unread = _attachments(parts, read_attachment)
    articles = list(attached)
    if body is not None:
        articles.insert(0, _with_headers(body, message, unread))
    if not articles:
        raise BadArticle("is an e-mail with no text in it", path=path)
    if len(articles) > 1 or problems:
        articles = [replace(article, item=number) for number, article in enumerate(articles, 1)]
    return RawArticles(articles, problems=problems)


def _leaves(message: EmailMessage) -> Iterator[MIMEPart]:
    """Yield the parts that hold something; an attached message is one of them, and is not looked into."""
    waiting: list[MIMEPart] = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_type() != "message/rfc822" and part.is_multipart():
            waiting.extend(reversed(list(part.iter_parts())))
        else:
            yield part


def _body(parts: list[MIMEPart], path: str) -> RawArticle | None:
    """Return the message's text: the plain one when it says enough, else the HTML one."""
    shown = [part for part in parts if not _is_attached(part)]
    plain = "\n\n".join(_text(part, path) for part in shown if part.get_content_type() == "text/plain")
    pages = [_text(part, path) for part in shown if part.get_content_type() == "text/html"]
    if pages and len(plain.strip()) < FEWEST_TEXT_CHARS:
        return _read_markup("\n".join(pages), path)
    if not plain.strip():
        return None
    return read_mail_text(plain)


def _read_markup(markup: str, path: str) -> RawArticle:
    """Return the article of an HTML part; newsletters that are no page keep all of their text."""
    try:
        page = raw_of_page(read_html(markup))
    except BadArticle:
        return RawArticle(text=strip_tags(markup))
    whole = len(strip_tags(markup).split())
    if sum(len(paragraph.split()) for paragraph in page.paragraphs) * 3 < whole:
        return RawArticle(text=strip_tags(markup))
    return page


def _text(part: MIMEPart, path: str) -> str:
    """Return a part's text, whatever charset it claims."""
    payload = _payload(part)
    declared = part.get_param("charset")
    named = declared if isinstance(declared, str) else None
    if part.get_content_type() == "text/html":
        named = named or declared_charset(payload)
    text = decode_text(payload, declared=named, path=path).replace("\r\n", "\n")
    flowed = part.get_param("format")
    return text.replace(" \n", " ") if isinstance(flowed, str) and flowed.lower() == "flowed" else text


def _payload(part: MIMEPart) -> bytes:
    if part.get_content_type() == "message/rfc822":
        attached = next(part.iter_parts(), None)
        return attached.as_bytes() if attached is not None else b""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _is_attached(part: MIMEPart) -> bool:
    if part.get_content_type() == "message/rfc822" or part.get_content_disposition() == "attachment":
        return True
    return part.get_content_maintype() != "text" and part.get_filename() is not None


def _attachment_name(part: MIMEPart) -> str:
    if part.get_content_type() == "message/rfc822":
        return read_line(part.get_filename()) or "attached.eml"
    try:
        return read_line(part.get_filename()) or "without a name"
    except (ValueError, LookupError, TypeError):
        return "without a name"


def _attachments(
    parts: list[MIMEPart], read_attachment: ReadAttachment | None
) -> tuple[list[RawArticle], list[ItemProblem], list[RemovedLine]]:
    """Return the articles among the attachments, those that can't be read, and the names of the rest."""
    articles: list[RawArticle] = []
    problems: list[ItemProblem] = []
    unread: list[RemovedLine] = []
    for number, part in enumerate(parts, 1):
        if not _is_attached(part):
            continue
        name = _attachment_name(part)
        if read_attachment is None or not name.lower().endswith(_ATTACHED_KINDS):
            unread.append(RemovedLine(line=0, text=name, reason="attachment that is no article"))
            continue
        try:
            articles.extend(read_attachment(_payload(part), name))
        except BadArticle as error:
            problems.append(ItemProblem(item=number, reason=f"(the attachment {name}) {error}"))
    return articles, problems, unread


def _with_headers(body: RawArticle, message: EmailMessage, unread: list[RemovedLine]) -> RawArticle:
    """Return the article with what the headers state; the page inside a newsletter knows better than they do."""
    subject = _REPLY_MARK.sub("", _header(message, "Subject") or "")
    sender = read_names(_header(message, "From"))
    sent_at = _sent_at(message)
    return replace(
        body,
        title=_REPLY_MARK.sub("", body.title or subject) or None,
        source=body.source or (sender[0] if sender else None),
        published_at=body.published_at or sent_at,
        removed=(*body.removed, *unread),
    )


def _header(message: EmailMessage, name: str) -> str | None:
    """Return a header as one line; one in raw bytes is decoded like any text."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), None)
    if raw is None or len(raw) > MAX_HEADER_CHARS:  # parsing takes time in proportion to the square of its length
        return None
    if any("\udc80" <= char <= "\udcff" for char in raw):
        try:
            return read_line(decode_text(raw.encode("utf-8", "surrogateescape")))
        except (BadArticle, UnicodeError):
            return None
    try:
        return read_line(str(message[name]))
    except (ValueError, LookupError, IndexError, AttributeError, TypeError):
        return read_line(raw)


def _sent_at(message: EmailMessage) -> datetime | None:
    if _header(message, "Date") is None:
        return None
    try:
        moment = message["Date"].datetime
    except (ValueError, LookupError, IndexError, AttributeError, TypeError):
        return None
    if not isinstance(moment, datetime):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
