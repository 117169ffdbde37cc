"""`NEWSBOT_WEB__...`: the web page."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from bot.settings.section import Section


class WebSettings(Section):
    """Where the web page is served, and to whom."""

    enabled: bool = Field(True, description="Serve the web page while the bot runs.")
    host: str = Field("127.0.0.1", min_length=1, description="Address it is served on; 0.0.0.0 is every one.")
    port: int = Field(8080, ge=1, le=65535, description="Port it is served on.")
    token: SecretStr | None = Field(
        None, description="Login token, 16 characters or more; needed beyond this machine, and for /metrics there."
    )
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Names by which readers call it, separated by commas, such as news.example.org."
    )
    behind_tls: bool = Field(False, description="Readers reach it by https, by way of a proxy.")

    @field_validator("token")
    @classmethod
    def _is_not_empty(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value is not None and value.get_secret_value().strip() else None

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        hosts = tuple(part.strip().casefold() for part in value.split(",") if part.strip())
        if any(not host.strip("[]") or "/" in host or " " in host for host in hosts):
            raise ValueError("should be host names such as news.example.org, without https:// and port")
        return hosts
