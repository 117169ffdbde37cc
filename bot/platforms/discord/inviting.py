"""The link by which a server's owner invites the bot, and whether Discord knows its token.

Source: https://discord.com/developers/docs/topics/oauth2#bot-authorization-flow and the reference "Permissions".
"""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp

from bot.errors import Misconfigured, Unavailable

API_BASE = "https://discord.com/api/v10"
TIMEOUT_S = 10.0

PERMISSIONS = {
    "view channels": 1 << 10,
    "send messages": 1 << 11,
    "read message history": 1 << 16,
    "create public threads": 1 << 35,
    "send messages in threads": 1 << 38,
}
"""What the bot needs in the channels it posts to: the last but one for /ask in threads, history to post only once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The application a token belongs to; `name` is None when Discord could not be asked."""

    id: str
    name: str | None


async def find_application(token: str, *, api_base: str | None = None) -> Application:
    """Return the application of a bot's token.

    Raises: Misconfigured when Discord refuses the token, Unavailable when it does not answer.
    """
    address = f"{(api_base or API_BASE).rstrip('/')}/applications/@me"
    try:
        async with (
            asyncio.timeout(TIMEOUT_S),
            aiohttp.ClientSession(headers={"Authorization": f"Bot {token}"}) as session,
            session.get(address, allow_redirects=False) as response,
        ):
            if response.status in (401, 403):
                raise Misconfigured(
                    "Discord refuses the token: on the page of your application, under Bot, press Reset Token and set"
                    " DISCORD_TOKEN to the new one"
                )
            if response.status != 200:
                raise Unavailable(f"Discord answered {response.status}")
            data = await response.json()
            return Application(id=str(data["id"]), name=str(data.get("name") or "") or None)
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise Unavailable("Discord can't be reached") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable("Discord gave a strange answer") from error


def application_in(token: str) -> str | None:
    """Return the id of the bot's user that a token begins with; for all but very old bots the application's id too."""
    first = token.partition(".")[0]
    try:
        decoded = urlsafe_b64decode(first + "=" * (-len(first) % 4)).decode("ascii")
    except (ValueError, UnicodeDecodeError):
        return None
    return decoded if decoded.isdecimal() else None


def invite_link(application_id: str) -> str:
    """Return the address that invites the bot with the permissions it needs and no others."""
    asked = {
        "client_id": application_id,
        "permissions": sum(PERMISSIONS.values()),
        "scope": "bot applications.commands",
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"
