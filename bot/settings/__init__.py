"""Every option of newsbot: type, unit, default. Read by `app` alone; the rooms receive values.

Sources, first wins: environment (`NEWSBOT_...`, nested with `__`), a `.env` file, secret files (one file a setting in
`NEWSBOT_SECRETS_DIR`, by default /run/secrets), and the names people already have set, such as `OPENAI_API_KEY`.
A misspelt `NEWSBOT_*` name is an error that names the nearest real one; no error ever prints a value.
"""

from bot.settings.database import DatabaseSettings
from bot.settings.describing import example_env, settings_reference
from bot.settings.digest import DigestSettings
from bot.settings.discord import DiscordSettings
from bot.settings.familiar import FAMILIAR_NAMES
from bot.settings.fetch import FetchSettings
from bot.settings.llm import LlmSettings
from bot.settings.loading import load_settings
from bot.settings.log import LogSettings
from bot.settings.names import refuse_unknown_names, setting_names
from bot.settings.reading import ReadingSettings
from bot.settings.retention import RetentionSettings
from bot.settings.section import Section
from bot.settings.settings import Settings
from bot.settings.slack import SlackSettings
from bot.settings.summary import SummarySettings
from bot.settings.web import WebSettings

__all__ = [
    "FAMILIAR_NAMES",
    "DatabaseSettings",
    "DigestSettings",
    "DiscordSettings",
    "FetchSettings",
    "LlmSettings",
    "LogSettings",
    "ReadingSettings",
    "RetentionSettings",
    "Section",
    "Settings",
    "SlackSettings",
    "SummarySettings",
    "WebSettings",
    "example_env",
    "load_settings",
    "refuse_unknown_names",
    "setting_names",
    "settings_reference",
]
