"""The settings of one process as a whole, and the order of the places they are read from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.settings.database import DatabaseSettings
from bot.settings.digest import DigestSettings
from bot.settings.discord import DiscordSettings
from bot.settings.familiar import FamiliarNames
from bot.settings.fetch import FetchSettings
from bot.settings.llm import LlmSettings
from bot.settings.log import LogSettings
from bot.settings.places import ENV_FILE, PREFIX, secrets_dir
from bot.settings.probes import ProbesSettings
from bot.settings.reading import ReadingSettings
from bot.settings.retention import RetentionSettings
from bot.settings.slack import SlackSettings
from bot.settings.summary import SummarySettings
from bot.settings.web import WebSettings


class Settings(BaseSettings):
    """All settings of one process."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file=ENV_FILE,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    seeds_dir: Path = Field(Path("seeds"), description="The watched folder with the articles.")
    data_dir: Path = Field(Path("data"), description="Folder of the archive.")
    prompts_dir: Path = Field(Path("prompts"), description="Folder of the prompt templates.")
    private_collections: Annotated[Mapping[str, tuple[str, ...]], NoDecode] = Field(
        {},
        description="Collections kept to named workspaces: board=discord:123; staff=slack:T1,discord:123.",
    )
    database: DatabaseSettings = DatabaseSettings()
    reading: ReadingSettings = ReadingSettings()
    summary: SummarySettings = SummarySettings()
    llm: LlmSettings = LlmSettings()
    digest: DigestSettings = DigestSettings()
    discord: DiscordSettings = DiscordSettings()
    slack: SlackSettings = SlackSettings()
    web: WebSettings = WebSettings()
    probes: ProbesSettings = ProbesSettings()
    fetch: FetchSettings = FetchSettings()
    retention: RetentionSettings = RetentionSettings()
    log: LogSettings = LogSettings()

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the archive."""
        return self.database.url or f"sqlite+aiosqlite:///{self.data_dir / 'newsbot.db'}"

    @field_validator("private_collections", mode="before")
    @classmethod
    def _collections_from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        collections: dict[str, tuple[str, ...]] = {}
        for entry in filter(None, (part.strip() for part in value.split(";"))):
            name, equals, workspaces = entry.partition("=")
            allowed = tuple(part.strip() for part in workspaces.split(",") if part.strip())
            if (
                not equals
                or not name.strip()
                or not all(re.fullmatch(r"(discord|slack|web):\S+", one) for one in allowed)
            ):
                raise ValueError("should be name=platform:workspace, several separated by ; such as board=discord:123")
            collections[name.strip()] = allowed
        return collections

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources; the familiar names come last, so that our own names win."""
        folder = secrets_dir()
        sources = [init_settings, env_settings, dotenv_settings]
        if folder is not None:
            sources.append(
                NestedSecretsSettingsSource(
                    file_secret_settings,
                    secrets_dir=folder,
                    secrets_prefix=PREFIX,
                    secrets_nested_delimiter="__",
                    secrets_case_sensitive=False,
                )
            )
        sources.append(FamiliarNames(settings_cls))
        return tuple(sources)
