"""Every option of newsbot: type, unit, default. Read by `app` alone; the rooms receive values.

Sources, first wins: environment (`NEWSBOT_...`, nested with `__`), a `.env` file, secret files (one file a setting in
`NEWSBOT_SECRETS_DIR`, by default /run/secrets), and the names people already have set, such as `OPENAI_API_KEY`.
A misspelt `NEWSBOT_*` name is an error that names the nearest real one; no error ever prints a value.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.errors import Misconfigured

PREFIX = "NEWSBOT_"
SECRETS_DIR_VARIABLE = "NEWSBOT_SECRETS_DIR"
DEFAULT_SECRETS_DIR = "/run/secrets"
ENV_FILE = ".env"
OPENAI_HOST = "api.openai.com"

FAMILIAR_NAMES: Mapping[str, tuple[str, str]] = {
    "OPENAI_API_KEY": ("llm", "api_key"),
    "OPENAI_BASE_URL": ("llm", "base_url"),
    "OPENAI_MODEL": ("llm", "model"),
    "DISCORD_TOKEN": ("discord", "token"),
    "SLACK_BOT_TOKEN": ("slack", "bot_token"),
    "SLACK_APP_TOKEN": ("slack", "app_token"),
}
"""Names that other tools made common, and the setting each one stands for."""


class Section(BaseModel):
    """A group of settings; unknown names in it are errors and values stay out of error texts."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class DatabaseSettings(Section):
    """Where the archive lies."""

    url: str | None = Field(None, description="Database URL; by default SQLite in the data folder.")


class ReadingSettings(Section):
    """How the folder is watched and files are read."""

    scan_interval_s: float = Field(5.0, ge=0.2, le=15, description="Seconds between two scans of the folder.")
    settle_s: float = Field(2.0, ge=0, le=600, description="Seconds a file must stay unchanged before it is read.")
    max_file_mb: float = Field(20.0, gt=0, le=500, description="Largest file that is read, in MB.")
    max_memory_mb: int = Field(512, ge=128, le=16384, description="Memory a parser may use, in MB.")
    max_cpu_s: int = Field(10, ge=1, le=600, description="Processor time a parser may use for one file, in seconds.")
    workers: int = Field(1, ge=1, le=64, description="Parser processes at work side by side.")


class SummarySettings(Section):
    """How articles are summarized."""

    bullets: int = Field(4, ge=3, le=5, description="Bullets an article gets.")
    language: str | None = Field(
        None, description="Language the LLM writes in, by its English name; by default the article's own."
    )


class LlmSettings(Section):
    """The OpenAI-compatible server; without a key or an address of its own newsbot works without it."""

    api_key: SecretStr | None = Field(None, description="Key of the server; local servers need none.")
    base_url: str | None = Field(None, description="Address of an OpenAI-compatible server (Ollama, vLLM, llama.cpp).")
    model: str = Field("gpt-5-mini", min_length=1, description="Model that writes the summaries.")
    timeout_s: float = Field(30.0, gt=0, le=600, description="Seconds one call may take.")
    max_tokens_per_day: int = Field(500_000, ge=0, description="Tokens a day (UTC), sent and received together.")
    max_usd_per_day: float = Field(1.0, ge=0, description="US dollars a day (UTC).")
    usd_per_million_in: float | None = Field(None, ge=0, description="Price of a million tokens sent, US dollars.")
    usd_per_million_out: float | None = Field(None, ge=0, description="Price of a million tokens received.")
    max_input_tokens: int = Field(
        12_000, ge=1_500, description="Tokens of one request; longer articles are cut in parts."
    )
    parallel_calls: int = Field(4, ge=1, le=64, description="Calls under way at once.")

    @property
    def is_on(self) -> bool:
        """Whether an LLM is configured at all."""
        return self.api_key is not None or self.base_url is not None

    @property
    def is_paid(self) -> bool:
        """Whether the calls go to OpenAI, where they cost money by default."""
        return self.base_url is None or urlsplit(self.base_url).hostname == OPENAI_HOST

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is None or value == "":
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("should be an address such as http://localhost:11434/v1")
        return value

    @field_validator("api_key")
    @classmethod
    def _is_not_empty(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value is not None and value.get_secret_value().strip() else None


class DigestSettings(Section):
    """When the terminal gets its digest, and how long it may be."""

    at: Annotated[tuple[time, ...], NoDecode] = Field(
        (time(8, 0),), description="Local times of the daily digest, HH:MM, separated by commas."
    )
    zone: str = Field("UTC", description="IANA time zone of these times, such as Europe/Berlin.")
    max_articles: int = Field(12, ge=1, le=200, description="Articles one digest shows at most.")
    max_chars: int = Field(12_000, ge=500, le=200_000, description="Characters one digest has at most.")

    @field_validator("at", mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not parts or not all(re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", part) for part in parts):
            raise ValueError("should be times such as 08:00 or 08:00,17:30")
        return tuple(time(int(part.split(":")[0]), int(part.split(":")[1])) for part in parts)

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError):
            raise ValueError("should be an IANA time zone such as Europe/Berlin or Asia/Seoul") from None
        return value


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


class SlackSettings(Section):
    """The Slack app in Socket Mode; off without both tokens."""

    bot_token: SecretStr | None = Field(None, description="Bot token of the Slack app: xoxb-...")
    app_token: SecretStr | None = Field(None, description="App-level token with connections:write: xapp-...")
    base_url: str | None = Field(None, description="Address of Slack's Web API, behind a proxy.")


class LogSettings(Section):
    """What the log says and in which form; it goes to standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    format: Literal["console", "json"] = Field("console", description="For people, or one JSON object a line.")


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
        sources.append(_FamiliarNames(settings_cls))
        return tuple(sources)


def load_settings() -> Settings:
    """Return the settings of this process.

    Raises: Misconfigured naming each wrong setting, what it should be and, for a misspelt name, the nearest real one.
    """
    refuse_unknown_names()
    try:
        return Settings()
    except ValidationError as error:
        lines = [_describe(problem["loc"], problem["msg"]) for problem in error.errors(include_input=False)]
        raise Misconfigured("; ".join(lines)) from None


def refuse_unknown_names() -> None:
    """Raise Misconfigured when a `NEWSBOT_*` name set anywhere is not a setting, naming the nearest one."""
    known = set(setting_names()) | {SECRETS_DIR_VARIABLE}
    for name, place in _names_set():
        if name.upper() in known:
            continue
        near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]}?" if near else " `newsbot check` lists the settings."
        raise Misconfigured(f"{name} ({place}) is not a setting.{hint}")


def setting_names() -> dict[str, str]:
    """Return every setting's environment name with its description, in order."""
    names: dict[str, str] = {}
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            for inner, inner_field in section.model_fields.items():
                names[f"{PREFIX}{name}__{inner}".upper()] = inner_field.description or ""
        else:
            names[f"{PREFIX}{name}".upper()] = field.description or ""
    return names


def example_env() -> str:
    """Return the text of `.env.example`: every setting, commented out, with its description and default."""
    lines = [
        "# Every setting with its default. Copy this file to .env, take the mark off a line and change it;",
        "# `newsbot check` says whether it works. OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL work too.",
    ]
    for name, description in setting_names().items():
        lines += ["", f"# {description}", f"# {name}={_default_text(name)}"]
    return "\n".join(lines) + "\n"


def secrets_dir() -> Path | None:
    """Return the folder of secret files when there is one. Raises: Misconfigured when the named one is missing."""
    named = os.environ.get(SECRETS_DIR_VARIABLE)
    if named:
        if not Path(named).is_dir():
            raise Misconfigured(
                f"{SECRETS_DIR_VARIABLE} names {named}, which is not a folder. Make it or unset the name."
            )
        return Path(named)
    return Path(DEFAULT_SECRETS_DIR) if Path(DEFAULT_SECRETS_DIR).is_dir() else None


class _FamiliarNames(PydanticBaseSettingsSource):
    """The names of `FAMILIAR_NAMES`, from the environment, the .env file and the secret files."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        """Not used: the source answers as a whole."""
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the nested values that familiar names give."""
        folder = secrets_dir()
        found: dict[str, dict[str, str]] = {}
        in_file = dotenv_values(ENV_FILE) if Path(ENV_FILE).is_file() else {}
        for name, (section, setting) in FAMILIAR_NAMES.items():
            value = os.environ.get(name) or in_file.get(name) or _secret(folder, name)
            if value:
                found.setdefault(section, {})[setting] = value
        return found


def _default_text(name: str) -> str:
    first, *inner = name.removeprefix(PREFIX).lower().split("__")
    value = Settings.model_fields[first].default
    for part in inner:
        value = getattr(value, part)
    if isinstance(value, tuple):
        return ",".join(f"{part:%H:%M}" for part in value)
    if isinstance(value, Mapping):
        return ""
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _secret(folder: Path | None, name: str) -> str | None:
    for candidate in (name, name.lower()):
        path = folder / candidate if folder else None
        if path is not None and path.is_file():
            return path.read_text(encoding="utf-8").strip()
    return None


def _names_set() -> Iterator[tuple[str, str]]:
    for name in os.environ:
        if name.upper().startswith(PREFIX):
            yield name, "environment"
    if Path(ENV_FILE).is_file():
        for name in dotenv_values(ENV_FILE):
            if name.upper().startswith(PREFIX):
                yield name, ENV_FILE
    folder = secrets_dir()
    if folder is not None:
        for path in folder.iterdir():
            if path.name.upper().startswith(PREFIX):
                yield path.name, str(folder)


def _describe(location: tuple[int | str, ...], message: str) -> str:
    name = PREFIX + "__".join(str(part) for part in location if not isinstance(part, int)).upper()
    return f"{name}: {message[:1].lower()}{message[1:]}"
