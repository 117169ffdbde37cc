"""`NEWSBOT_DISCORD__...`: the Discord bot."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from bot.settings.section import Section


class DiscordSettings(Section):
    """The Discord bot; off without a token."""

    token: SecretStr | None = Field(None, description="Token of the Discord bot.")
    guild_ids: Annotated[tuple[int, ...], NoDecode] = Field(
        (), description="Guilds whose commands are registered at once, for development, separated by commas."
    )
    sharded: bool = Field(False, description="Connect in shards, for a bot in more than 2,000 guilds.")
    shard_count: int | None = Field(
        None, ge=1, le=10_000, description="Shards of all processes together; else as many as Discord recommends."
    )
    shard_ids: Annotated[tuple[int, ...], NoDecode] = Field(
        (), description="Shards of this process, from 0, separated by commas; else all. Needs PostgreSQL."
    )
    api_base: str | None = Field(None, description="Address of Discord's API, behind a proxy.")
    gateway_url: str | None = Field(None, description="Address of Discord's gateway, behind a proxy.")

    @field_validator("guild_ids", "shard_ids", mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isascii() and part.isdecimal() for part in parts):
            raise ValueError("should be numbers, separated by commas")
        return tuple(int(part) for part in parts)

    @model_validator(mode="after")
    def _shards_fit(self) -> Self:
        if self.shard_ids and self.shard_count is None:
            raise ValueError("shard_ids needs shard_count, the same in all processes")
        if self.shard_count is not None and any(one >= self.shard_count for one in self.shard_ids):
            raise ValueError(f"shard_ids should be below shard_count ({self.shard_count}): the first shard is 0")
        return self
