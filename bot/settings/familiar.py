"""The names people already have set for other tools, such as `OPENAI_API_KEY`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic_settings import PydanticBaseSettingsSource

from bot.settings.places import ENV_FILE, read_secret, secrets_dir

FAMILIAR_NAMES: Mapping[str, tuple[str, str]] = {
    "OPENAI_API_KEY": ("llm", "api_key"),
    "OPENAI_BASE_URL": ("llm", "base_url"),
    "OPENAI_MODEL": ("llm", "model"),
    "DISCORD_TOKEN": ("discord", "token"),
    "SLACK_BOT_TOKEN": ("slack", "bot_token"),
    "SLACK_APP_TOKEN": ("slack", "app_token"),
}
"""Names that other tools made common, and the setting each one stands for."""


class FamiliarNames(PydanticBaseSettingsSource):
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
            value = os.environ.get(name) or in_file.get(name) or read_secret(folder, name)
            if value:
                found.setdefault(section, {})[setting] = value
        return found
