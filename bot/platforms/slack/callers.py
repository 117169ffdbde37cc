"""Says who asks: by what Slack's server tells about a user, never by what a payload claims."""

from __future__ import annotations

import time
from dataclasses import dataclass

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.model import Caller, Destination

log = structlog.get_logger()

TRUST_ADMIN_S = 60.0
"""Seconds for which Slack's word that somebody is an admin is used again without asking."""
MAX_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the bot is: its workspace, its user there, and its own name for its messages."""

    team: str
    user: str
    bot: str


class Callers:
    """Makes callers out of the ids of a payload; one object for each connection to a workspace."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._admins: dict[str, tuple[float, bool]] = {}

    async def caller(self, *, team: str, user: str, channel: str) -> Caller:
        """Return who asks and where; somebody whom Slack does not call an admin of this very team is none."""
        return Caller(
            destination=Destination(platform="slack", workspace=team, channel=channel),
            user=user,
            is_admin=await self._is_admin(team, user),
        )

    async def _is_admin(self, team: str, user: str) -> bool:
        key = f"{team}:{user}"
        asked_at, known = self._admins.get(key, (0.0, False))
        if key in self._admins and time.monotonic() - asked_at < TRUST_ADMIN_S:
            return known
        try:
            profile = (await self._client.users_info(user=user))["user"]
        except (SlackApiError, OSError, TimeoutError, KeyError, AttributeError) as error:
            log.warning("Slack does not say whether somebody is an admin", user=user, why=type(error).__name__)
            return False
        # In a shared channel the other workspace's admins are no admins here.
        at_home = profile.get("team_id") == team and not profile.get("is_stranger") and not profile.get("deleted")
        is_admin = bool(at_home and (profile.get("is_admin") or profile.get("is_owner")))
        if len(self._admins) >= MAX_REMEMBERED:
            self._admins.clear()
        self._admins[key] = (time.monotonic(), is_admin)
        return is_admin
