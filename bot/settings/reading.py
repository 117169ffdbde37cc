"""`NEWSBOT_READING__...`: how the folder is watched and files are read."""

from __future__ import annotations

from pydantic import Field

from bot.settings.section import Section


class ReadingSettings(Section):
    """How the folder is watched and files are read."""

    scan_interval_s: float = Field(5.0, ge=0.2, le=15, description="Seconds between two scans of the folder.")
    settle_s: float = Field(2.0, ge=0, le=600, description="Seconds a file must stay unchanged before it is read.")
    max_file_mb: float = Field(20.0, gt=0, le=500, description="Largest file that is read, in MB.")
    max_memory_mb: int = Field(512, ge=128, le=16384, description="Memory a parser may use, in MB.")
    max_cpu_s: int = Field(10, ge=1, le=600, description="Processor time a parser may use for one file, in seconds.")
    workers: int = Field(1, ge=1, le=64, description="Parser processes at work side by side.")
