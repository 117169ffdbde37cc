"""`NEWSBOT_LLM__...`: the OpenAI-compatible server and what it may cost."""

from __future__ import annotations

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from bot.settings.section import Section

OPENAI_HOST = "api.openai.com"


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
