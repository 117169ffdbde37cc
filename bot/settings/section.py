"""What every group of settings has in common: unknown names are errors, and no error prints a value."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A group of settings; unknown names in it are errors and values stay out of error texts."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
