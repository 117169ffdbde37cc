"""`NEWSBOT_FETCH__...`: the feeds that are fetched into the watched folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from bot.settings.section import Section


class FetchSettings(Section):
    """Which feeds are fetched and how often; off while there is neither a feeds file nor an address."""

    opml: Path = Field(Path("feeds.opml"), description="File with the feeds, as every feed reader exports it.")
    feeds: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Addresses of feeds, beside those of the file, separated by spaces or commas."
    )
    every_min: float = Field(30.0, ge=5, le=1440, description="Minutes between two looks at a feed that works.")
    folder: str = Field(
        "fetched", description="Subfolder of the watched folder, and so the collection, that articles are written to."
    )
    pages: bool = Field(True, description="Fetch an article's page when its feed holds only a teaser.")
    contact: str | None = Field(
        None, description="Address or e-mail that servers are told, so that publishers can reach you."
    )

    @field_validator("feeds", mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("folder")
    @classmethod
    def _is_a_plain_name(cls, value: str) -> str:
        if not value or value.startswith(".") or "/" in value or "\\" in value or not value.isprintable():
            raise ValueError("should be the plain name of one subfolder, such as fetched")
        return value

    @field_validator("contact")
    @classmethod
    def _fits_a_header(cls, value: str | None) -> str | None:
        if value is not None and (not value.isascii() or not value.isprintable() or len(value) > 200):
            raise ValueError("should be an address or e-mail in plain ASCII")
        return value
