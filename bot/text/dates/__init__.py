"""Date expressions: what days a text names, how exactly, and in which tense (pure)."""

from bot.text.dates.finding import find_dates, publication_day
from bot.text.dates.span import DateSpan, Period, part_name

__all__ = ["DateSpan", "Period", "find_dates", "part_name", "publication_day"]
