"""`newsbot run` as an operator lives with it: it watches, tells once, and leaves when asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.scenarios.conftest import NewsbotCommand

PATIENCE_S = 60.0
ARTICLES = {
    "Harl": "The mill in Harl burned down on Friday night.\n\nNobody was hurt, the fire brigade said.\n",
    "Oxmouth": "Oxmouth has elected its first mayor from the harbour.\n\nAda Quill won 4,211 of the votes cast.\n",
}


class RunningBot:
    """A `newsbot run` of its own, its output kept in files."""

    def __init__(self, home: Path, environment: dict[str, str], *, wrap: tuple[str, ...] = ()) -> None:
        self.home = home
        self._out = (home / "out.log").open("wb")
        self._err = (home / "err.log").open("wb")
        quick = {"NEWSBOT_READING__SCAN_INTERVAL_S": "0.3", "NEWSBOT_READING__SETTLE_S": "0.2"}
        self.process = subprocess.Popen(
            [*wrap, sys.executable, "-m", "bot", "run"],
            cwd=home,
            env={**environment, **quick},
            stdout=self._out,
            stderr=self._err,
        )

    @property
    def out(self) -> str:
        return (self.home / "out.log").read_text()

    @property
    def err(self) -> str:
        return (self.home / "err.log").read_text()

    def wait_for(self, seen: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not seen():
            assert self.process.poll() is None, f"it ended before {what}: {self.err}"
            assert time.monotonic() < deadline, f"no {what}: {self.out}{self.err}"
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._out.close()
        self._err.close()


@pytest.fixture
def start(home: Path, environment: dict[str, str]) -> Iterator[Callable[..., RunningBot]]:
    """Start the bot; every bot started is ended after the test."""
    bots: list[RunningBot] = []

    def start_one(**options: tuple[str, ...]) -> RunningBot:
        bots.append(RunningBot(home, environment, **options))
        return bots[-1]

    yield start_one
    for bot in bots:
        bot.close()


def write_article(home: Path, town: str) -> None:
    folder = home / "seeds"
    folder.mkdir(exist_ok=True)
    (folder / f"{town}.txt").write_text(ARTICLES[town])


def test_the_first_digest_comes_by_itself_and_sigterm_ends_cleanly(
    start: Callable[..., RunningBot], samples: Path
) -> None:
    bot = start()
    bot.wait_for(lambda: "Coverage:" in bot.out, "first digest")
    assert bot.stop() == 0
    assert "Traceback" not in bot.err


def test_ctrl_c_ends_cleanly_too(start: Callable[..., RunningBot], samples: Path) -> None:
    bot = start()
    bot.wait_for(lambda: "Coverage:" in bot.out, "first digest")
    assert bot.stop(signal.SIGINT) == 0


def test_a_new_file_is_read_while_the_bot_runs_and_told_by_the_next_digest(
    start: Callable[..., RunningBot], newsbot: NewsbotCommand, home: Path
) -> None:
    write_article(home, "Harl")
    bot = start()
    bot.wait_for(lambda: "Harl" in bot.out, "first digest")
    write_article(home, "Oxmouth")
    bot.wait_for(lambda: bot.err.count("folder read") >= 2, "second file")
    shown = newsbot("digest")
    assert "Oxmouth" in shown.out
    assert "Harl" not in shown.out
    assert "Oxmouth" not in bot.out
    assert bot.stop() == 0


def test_a_second_bot_on_the_same_archive_is_refused_with_the_first_ones_process(
    start: Callable[..., RunningBot], newsbot: NewsbotCommand, home: Path
) -> None:
    write_article(home, "Harl")
    bot = start()
    bot.wait_for(lambda: "Harl" in bot.out, "first digest")
    refused = newsbot("run")
    assert refused.code == 2
    assert str(bot.process.pid) in refused.err
    assert bot.process.poll() is None


def test_after_a_kill_the_bot_starts_again_and_tells_nothing_twice(
    start: Callable[..., RunningBot], home: Path
) -> None:
    write_article(home, "Harl")
    bot = start()
    bot.wait_for(lambda: "digest told" in bot.err, "first digest")
    bot.process.kill()
    bot.process.wait()
    write_article(home, "Oxmouth")
    again = start()
    again.wait_for(lambda: "folder read" in again.err, "second file")
    assert "Harl" not in again.out
    assert again.stop() == 0


def test_the_bot_waits_for_a_folder_that_goes_away_and_says_so_once(
    start: Callable[..., RunningBot], home: Path
) -> None:
    write_article(home, "Harl")
    bot = start()
    bot.wait_for(lambda: "Harl" in bot.out, "first digest")
    (home / "seeds").rename(home / "elsewhere")
    bot.wait_for(lambda: "does not exist" in bot.err, "complaint")
    time.sleep(1.5)
    (home / "elsewhere").rename(home / "seeds")
    bot.wait_for(lambda: "working again" in bot.err, "recovery")
    assert bot.err.count("does not exist") <= 2
    assert bot.stop() == 0


def test_a_running_bot_has_a_pulse_and_a_stopped_one_has_none(
    start: Callable[..., RunningBot], newsbot: NewsbotCommand, home: Path
) -> None:
    write_article(home, "Harl")
    assert newsbot("status", "--alive").code == 1
    bot = start()
    bot.wait_for(lambda: "Harl" in bot.out, "first digest")
    assert newsbot("status", "--alive").code == 0
    bot.stop()
    assert newsbot("status", "--alive").code == 1


def test_as_process_1_the_bot_still_ends_on_sigterm(start: Callable[..., RunningBot], home: Path) -> None:
    probe = subprocess.run(["unshare", "--pid", "--fork", "true"], capture_output=True, check=False)
    if os.geteuid() != 0 or probe.returncode != 0:
        pytest.skip("this machine makes no process namespace")
    write_article(home, "Harl")
    bot = start(wrap=("unshare", "--pid", "--fork", "--kill-child"))
    bot.wait_for(lambda: "Harl" in bot.out, "first digest")
    children = subprocess.run(
        ["pgrep", "-P", str(bot.process.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    os.kill(int(children[0]), signal.SIGTERM)
    assert bot.process.wait(PATIENCE_S) == 0
