"""One thing fetched over HTTP, within limits of size and time; redirects are followed one by one, each checked anew."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp
from yarl import URL

from bot.fetching.addresses import Reach, read_address
from bot.fetching.connecting import OutOfReach
from bot.fetching.turns import HostTurns

TIMEOUT_S = 20.0
"""Seconds a download may take, its redirects included; waiting for a turn does not count."""

MAX_REDIRECTS = 5
CHUNK_BYTES = 1 << 16
MAX_RETRY_AFTER_S = 24 * 3600.0
"""A server may ask for a day of peace; a longer wish is a mistake of its clock."""

_MOVED = frozenset((301, 302, 303, 307, 308))
_MOVED_FOR_GOOD = frozenset((301, 308))
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


class NotFetched(Exception):
    """What was asked for did not come; the message is the end of a sentence about its address.

    `passing` says that another try later may do; `gone` that the server took it away for good.
    """

    def __init__(
        self, message: str, *, passing: bool = False, gone: bool = False, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message)
        self.passing = passing
        self.gone = gone
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: where, how much of an answer is taken, and what is known from the last time."""

    url: str
    max_bytes: int
    accept: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer. `url` is where it came from after redirects; `moved_to` is set when the address moved for good.

    `data` is None when nothing changed since the last time.
    """

    url: str
    data: bytes | None
    content_type: str = ""
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None


@dataclass(slots=True, kw_only=True)
class _Way:
    """The way of one download through its redirects."""

    url: URL
    seconds_left: float
    for_good: bool = True


class Downloader:
    """Fetches one thing after the other; safe to share between tasks."""

    def __init__(self, session: aiohttp.ClientSession, reach: Reach, turns: HostTurns, *, timeout_s: float) -> None:
        self._session = session
        self._reach = reach
        self._turns = turns
        self._timeout_s = timeout_s

    async def fetch(self, asked: Asked) -> Fetched:
        """Return the answer. Raises: NotFetched with the reason."""
        first = self._checked(asked.url)
        way = _Way(url=first, seconds_left=self._timeout_s)
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._hop(asked, way)
            if answer is not None:
                moved = way.for_good and way.url != first
                return replace(answer, moved_to=str(way.url)) if moved else answer
        raise NotFetched(f"redirects more than {MAX_REDIRECTS} times")

    async def _hop(self, asked: Asked, way: _Way) -> Fetched | None:
        """Return the answer of the way's present address, or None with the way led on to the next one."""
        loop = asyncio.get_running_loop()
        async with self._turns.turn(way.url.raw_host or ""):
            began = loop.time()
            try:
                async with asyncio.timeout(max(way.seconds_left, 0.1)):
                    return await self._ask(asked, way)
            except OutOfReach as error:
                raise NotFetched(str(error)) from error
            except TimeoutError as error:
                raise NotFetched(f"took more than {self._timeout_s:g} s", passing=True) from error
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise _why_failed(error) from error
            finally:
                way.seconds_left -= loop.time() - began

    async def _ask(self, asked: Asked, way: _Way) -> Fetched | None:
        async with self._session.get(way.url, headers=_headers(asked), allow_redirects=False) as response:
            if response.status in _MOVED:
                way.for_good = way.for_good and response.status in _MOVED_FOR_GOOD
                way.url = self._next(way.url, response.headers.get("Location"))
                return None
            if response.status == HTTPStatus.NOT_MODIFIED and (asked.etag or asked.last_modified):
                return Fetched(url=str(way.url), data=None, etag=asked.etag, last_modified=asked.last_modified)
            if response.status != HTTPStatus.OK:
                raise _refusal(response)
            return Fetched(
                url=str(way.url),
                data=await _read_body(response, asked.max_bytes),
                content_type=response.content_type,
                charset=response.charset,
                etag=response.headers.get("ETag"),
                last_modified=response.headers.get("Last-Modified"),
            )

    def _next(self, here: URL, location: str | None) -> URL:
        if not location:
            raise NotFetched("redirects to nowhere")
        try:
            joined = here.join(URL(location))
        except ValueError as error:
            raise NotFetched("redirects to something that is not a web address") from error
        try:
            return self._checked(str(joined))
        except NotFetched as error:
            raise NotFetched(f"redirects to an address that {error}") from error

    def _checked(self, url: str) -> URL:
        try:
            return read_address(url, self._reach)
        except ValueError as error:
            raise NotFetched(str(error)) from error


def _headers(asked: Asked) -> dict[str, str]:
    headers = {"Accept": asked.accept, "Accept-Encoding": "gzip"}
    if asked.etag:
        headers["If-None-Match"] = asked.etag
    if asked.last_modified:
        headers["If-Modified-Since"] = asked.last_modified
    return headers


async def _read_body(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """Return the body, unpacked; a bomb ends at the limit, whatever it would unpack to."""
    body = bytearray()
    async for part in _unpacked(response, max_bytes):
        body += part
        if len(body) > max_bytes:
            raise NotFetched(f"is larger than {max_bytes / 1e6:g} MB")
    return bytes(body)


async def _unpacked(response: aiohttp.ClientResponse, max_bytes: int) -> AsyncIterator[bytes]:
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    packed = response.content.iter_chunked(CHUNK_BYTES)
    if encoding in ("", "identity"):
        async for chunk in packed:
            yield chunk
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise NotFetched(f"is packed in a way that was not asked for ({encoding[:20]})")
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        async for chunk in packed:
            yield unpacker.decompress(chunk, max_bytes + 1)
            while unpacker.unconsumed_tail:
                yield unpacker.decompress(unpacker.unconsumed_tail, max_bytes + 1)
    except zlib.error as error:
        raise NotFetched("is packed, but can't be unpacked", passing=True) from error
    if not unpacker.eof:
        raise NotFetched("broke off in the middle", passing=True)


def _refusal(response: aiohttp.ClientResponse) -> NotFetched:
    status = response.status
    try:
        name = HTTPStatus(status).phrase.lower()
    except ValueError:
        name = "an unknown answer"
    wait_s = _retry_after(response.headers.get("Retry-After"))
    passing = status >= 500 or status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
    return NotFetched(
        f"answered {status} ({name})", passing=passing, gone=status == HTTPStatus.GONE, retry_after_s=wait_s
    )


def _retry_after(value: str | None) -> float | None:
    """Return the seconds a server wants to be left alone; it names them, or a moment."""
    if value is None:
        return None
    if value.strip().isdecimal():
        seconds = float(value.strip()[:12])
    else:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError):
            return None
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_S)


def _why_failed(error: Exception) -> NotFetched:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return NotFetched("has a host name that nobody knows", passing=True)
    if isinstance(error, aiohttp.ClientConnectorCertificateError | ssl.SSLError | aiohttp.ClientSSLError):
        return NotFetched("has a certificate that can't be trusted")
    if isinstance(error, aiohttp.ClientConnectorError):
        return NotFetched("can't be reached", passing=True)
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ServerDisconnectedError | ConnectionError):
        return NotFetched("broke off in the middle", passing=True)
    return NotFetched("does not speak HTTP as it should", passing=True)
