"""The way from a file to a stored article with its summary and its story; jobs, commands and the terminal call it.

Reading a file never stops at another file's fault: what can't be read is written down with its reason, and the rest
goes on. Work that takes processor time leaves the event loop: parsing in the sandbox's child, summarizing in a thread.
"""

from bot.pipeline.ingesting import Pipeline
from bot.pipeline.looking import Limits
from bot.pipeline.reading import FolderReader, IngestReport, NewsArchive, Progress, Reader, ReadOutcome, read_paths
from bot.pipeline.summarizing import WriteSummary, summarize_all, write_missing

__all__ = [
    "FolderReader",
    "IngestReport",
    "Limits",
    "NewsArchive",
    "Pipeline",
    "Progress",
    "ReadOutcome",
    "Reader",
    "WriteSummary",
    "read_paths",
    "summarize_all",
    "write_missing",
]
