"""Prints what the faults of this run did to the posts: tried, survived, lost, doubled."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from tests.faults.posting_parts import FAULTS

NUMBERS = ("faults", "posts tried", "survived", "lost", "doubled")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Add up the rows of all tests, also those of other processes."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for reports in terminalreporter.stats.values():
        for report in reports:
            rows = [row for name, row in getattr(report, "user_properties", ()) if name == FAULTS]
            for row in rows if getattr(report, "when", "") == "call" else ():
                sums[row["fault"]].update({name: row[name] for name in NUMBERS})
    if not sums:
        return
    terminalreporter.section("posts under faults")
    terminalreporter.line(
        "".join(f"{title:>26}" if title == "fault" else f"{title:>13}" for title in ("fault", *NUMBERS))
    )
    for fault, counts in sums.items():
        terminalreporter.line(f"{fault:>26}" + "".join(f"{counts[name]:>13}" for name in NUMBERS))
