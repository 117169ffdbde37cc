"""`NEWSBOT_DISCORD__...`: the Discord bot."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.settings.section import Section


class DiscordSettings(Section):
    """The Discord bot; off without a token."""

    token: SecretStr | None = Field(None, description="Token of the Discord bot.")
    guild_ids: Annotated[tuple[int, ...], NoDecode] = Field(
        (), description="Guilds whose commands are registered at once, for development, separated by commas."
    )
    sharded: bool = Field(False, description="Connect in shards, for a bot in more than 2,000 guilds.")
    api_base: str | None = Field(None, description="Address of Discord's API, behind a proxy.")
    gateway_url: str | None = Field(None, description="Address of Discord's gateway, behind a proxy.")

    @field_validator("guild_ids", mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isdecimal() for part in parts):
            raise ValueError("should be ids of guilds, separated by commas")
        return tuple(int(part) for part in parts)
