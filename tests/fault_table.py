"""The table at the end of `make faults`: what was tried against the bot, what it survived, what was lost or doubled.

A test that counts for itself records a row (`FAULTS`); any other test of a fault is marked with the name of its row,
`@pytest.mark.fault("parser bombs")`, and counts as one fault, survived when it passes.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict

import pytest

KILLS = int(os.environ.get("TESTS_KILLS", "60"))
"""How long the tests of faults go on: kills at random of the poster. With the fewer ones of everything that takes
longer to start, and those at named points, this makes some 300 kills; `make faults` sets 1,000."""

FULL_KILLS = 1_000
"""From so many on, whatever is killed at random is killed that often."""

FAULTS = "faults survived"
"""The property of a test's report that holds its row of the table."""

NUMBERS = ("faults", "tried", "survived", "lost", "doubled")


def kills_of(share: float, *, at_least: int = 0) -> int:
    """Return how often something is killed at random: `share` of KILLS, all of them at full length."""
    return KILLS if KILLS >= FULL_KILLS else max(int(share * KILLS), at_least)


def fault_row(
    fault: str, *, faults: int, tried: int, survived: int, lost: int = 0, doubled: int = 0
) -> dict[str, int | str]:
    """Return what the table shows: how often the fault struck, and what became of the things it struck."""
    return {"fault": fault, "faults": faults, "tried": tried, "survived": survived, "lost": lost, "doubled": doubled}


def note_marked_fault(item: pytest.Item, report: pytest.TestReport) -> None:
    """Add the row of a marked test to its report, unless it recorded its own."""
    marker = item.get_closest_marker("fault")
    if marker is None or report.when != "call" or report.skipped:
        return
    if any(name == FAULTS for name, _ in report.user_properties):
        return
    row = fault_row(marker.args[0], faults=1, tried=1, survived=int(report.passed))
    report.user_properties.append((FAULTS, row))


def print_table(reporter: pytest.TerminalReporter) -> None:
    """Add up the rows of all tests, also those of other processes, and print them."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for reports in reporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") != "call":
                continue
            for name, row in getattr(report, "user_properties", ()):
                if name == FAULTS:
                    sums[row["fault"]].update({number: row[number] for number in NUMBERS})
    if not sums:
        return
    width = max(len(fault) for fault in sums)
    reporter.section("faults")
    reporter.line(f"{'fault':<{width}}" + "".join(f"{name:>10}" for name in NUMBERS))
    for fault, counts in sorted(sums.items()):
        reporter.line(f"{fault:<{width}}" + "".join(f"{counts[name]:>10,}" for name in NUMBERS))
