"""Cookies that say who a browser is: signed, with an end, and worth nothing after signing out.

A cookie holds no secret, only an id and what it is allowed; the signature makes it ours. The key hangs on the login
token: whoever changes the token signs everybody out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.ports import Clock

ID_BYTES = 16
SIGNED_IN_FOR = timedelta(days=7)
"""How long a login lasts; a browser that stays in use is given a new cookie when half of it is over."""
GUEST_FOR = timedelta(days=365)
"""How long a browser on this machine keeps its conversation, its schedules and its filters."""
KEY_CHARS = 32
"""Characters of the key in a shared address: 128 bits."""

_GUEST, _SIGNED_IN = "g", "s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser. `channel` names it to the rest of the bot without giving its cookie away."""

    id: str
    signed_in: bool
    ends_at: datetime

    @property
    def channel(self) -> str:
        """The channel of the workspace `local` that this browser is."""
        return hashlib.sha256(self.id.encode()).hexdigest()[:12]


class Sessions:
    """Makes and reads cookies."""

    def __init__(self, key: bytes, token: str | None, clock: Clock) -> None:
        self._key = hmac.digest(key, f"session:{token or ''}".encode(), "sha256")
        self._clock = clock
        self._signed_out: dict[str, datetime] = {}

    def begin(self, *, signed_in: bool) -> Session:
        """Return a new session."""
        lasts = SIGNED_IN_FOR if signed_in else GUEST_FOR
        return Session(id=secrets.token_hex(ID_BYTES), signed_in=signed_in, ends_at=self._clock.now() + lasts)

    def renewed(self, session: Session) -> Session | None:
        """Return the session with a later end when more than half of its time is over."""
        lasts = SIGNED_IN_FOR if session.signed_in else GUEST_FOR
        if session.ends_at - self._clock.now() > lasts / 2:
            return None
        return Session(id=session.id, signed_in=session.signed_in, ends_at=self._clock.now() + lasts)

    def cookie_of(self, session: Session) -> str:
        """Return the text of the session's cookie."""
        kind = _SIGNED_IN if session.signed_in else _GUEST
        text = f"{session.id}.{int(session.ends_at.timestamp())}.{kind}"
        return f"{text}.{self._signature(text)}"

    def read(self, cookie: str) -> Session | None:
        """Return the session of a cookie of ours that has not ended and was not signed out."""
        text, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(_bytes(signature), self._signature(text).encode()):
            return None
        id_, ends, kind = text.split(".")
        ends_at = datetime.fromtimestamp(int(ends), self._clock.now().tzinfo)
        if ends_at <= self._clock.now() or id_ in self._signed_out:
            return None
        return Session(id=id_, signed_in=kind == _SIGNED_IN, ends_at=ends_at)

    def sign_out(self, session: Session) -> None:
        """Make the session's cookies worthless."""
        now = self._clock.now()
        self._signed_out = {id_: ends for id_, ends in self._signed_out.items() if ends > now}
        self._signed_out[session.id] = now + SIGNED_IN_FOR

    def key_of(self, path: str) -> str:
        """Return the key that, added to this path, lets whoever has the address read that page without a login."""
        return self._signature(f"path:{path}")[:KEY_CHARS]

    def opens(self, path: str, key: str) -> bool:
        """Return whether this is the key of this path."""
        return hmac.compare_digest(_bytes(key), self.key_of(path).encode())

    def _signature(self, text: str) -> str:
        return hmac.digest(self._key, _bytes(text), "sha256").hex()


def _bytes(text: str) -> bytes:
    # Whatever a client sends has to be comparable, lone surrogates too.
    return text.encode("utf-8", "surrogatepass")
