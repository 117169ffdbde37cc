"""A long reading tells how far it is, its pace and how long it will take."""

from __future__ import annotations

import pytest
import structlog
from structlog.testing import capture_logs

from bot.platforms.terminal.progress import ReadingProgress


class Watch:
    """Seconds that tests set."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def lines_of(steps: list[tuple[float, int, int, str]]) -> list[str]:
    """Return what is logged when so much is done after so many seconds."""
    watch = Watch()
    progress = ReadingProgress(watch)
    with capture_logs() as logs:
        for seconds, done, total, unit in steps:
            watch.now_s = 100.0 + seconds
            progress(done, total, unit)
    return [log["event"] for log in logs]


@pytest.fixture(autouse=True)
def no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    structlog.reset_defaults()
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)


def test_a_log_line_now_and_then_tells_pace_and_time_left() -> None:
    steps = [(0.0, 64, 10_064, "files"), (8.0, 464, 10_064, "files"), (20.0, 1_064, 10_064, "files")]
    assert lines_of(steps) == ["reading 1,064 of 10,064 files, 50.0 a second, about 4 min left"]


def test_the_last_step_is_told_at_once_and_without_a_time_left() -> None:
    assert lines_of([(0.0, 5, 20, "files"), (1.0, 20, 20, "files")]) == ["reading 20 of 20 files"]


def test_a_long_file_is_told_in_megabytes_and_hours() -> None:
    steps = [(0.0, 10, 4_000, "MB"), (30.0, 25, 4_000, "MB")]
    assert lines_of(steps) == ["reading 25 of 4,000 MB, 0.5 a second, about 2 h 13 min left"]


def test_an_older_archive_tells_how_far_its_articles_are_put_into_stories() -> None:
    steps = [(0.0, 256, 50_000, "articles"), (20.0, 10_256, 50_000, "articles")]
    assert lines_of(steps) == ["putting 10,256 of 50,000 articles into stories, 500.0 a second, about 2 min left"]


def test_one_file_is_read_before_anyone_could_wonder() -> None:
    assert lines_of([(0.0, 1, 1, "files")]) == []
