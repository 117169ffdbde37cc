"""What every test shares: where the shared data lies, and that a skip is counted (in CI: a failure)."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.fault_table import note_marked_fault, print_table

SKIP_NOTHING = "TESTS_SKIP_NOTHING"
NO_FAILURE_ANYWHERE = ("shared data", "stands in")
"""Third parties' data lie beside the project or not; and what can't happen to root is shown by another test."""

LONGEST = ("tests/faults", "tests/scenarios", "tests/platforms/web", "tests/pipeline", "tests/jobs")
"""Folders whose tests take seconds each."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run more tests at once than there are processors: those of whole processes wait a good part of their time."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(2, processors * 3 // 2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first, so that at the end no process is left alone with them."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Turn a skip into a failure where nothing may be skipped."""
    report = yield
    note_marked_fault(item, report)
    excused = any(reason in str(report.longrepr) for reason in NO_FAILURE_ANYWHERE)
    if report.skipped and os.environ.get(SKIP_NOTHING) and not excused:
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the faults of this run did."""
    print_table(terminalreporter)


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in list(os.environ):
        if name.startswith(("NEWSBOT_", "OPENAI_", "DISCORD_", "SLACK_")):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def certificates_read_once() -> Iterator[None]:
    """Read this machine's certificates once a process: each of hundreds of clients would take a long moment for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture
def project_root() -> Path:
    """The folder of the project."""
    return Path(__file__).parent.parent
