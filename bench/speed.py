"""Speed and size of the whole program: files to stored bullets, start of a command, memory of a running bot."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.figures import Figure

ARTICLES = 1_000
ARTICLES_IN_MEMORY_TEST = 10_000
BULLETS = 4
PROJECT = Path(__file__).parent.parent
RUN_TIME_LIMIT_S = 900
MB = 1_000_000


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return articles per CPU second beside trafilatura + sumy LexRank, start times and memory."""
    texts = news_texts(eval_dir, limit or ARTICLES)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_texts(texts, root / "seeds")
        ours = _cpu_seconds("ours", root)
        peer = _cpu_seconds("peer", root)
        figures = [
            Figure(
                data=f"{len(texts)} text files",
                metric="files to stored bullets, articles a CPU second",
                ours=len(texts) / ours,
                goal=3 * len(texts) / peer,
                peer=len(texts) / peer,
                peer_name="trafilatura + sumy LexRank",
                note="parser's process included",
            )
        ]
        figures += _starts(root, eval_dir.parent / "seeds")
        if limit is None:
            figures.append(_memory(root / "many", texts))
    return figures


def news_texts(eval_dir: Path, count: int) -> list[str]:
    rows = (json.loads(line) for line in (eval_dir / "ret_news_known.jsonl").open(encoding="utf-8"))
    texts = [row["text"] for row in rows if row["kind"] == "doc" and len(row["text"]) > 600]
    return texts[:count]


def write_texts(texts: list[str], folder: Path) -> None:
    folder.mkdir(parents=True)
    for number, text in enumerate(texts):
        (folder / f"{number:06}.txt").write_text(text.replace("\n", "\n\n"), encoding="utf-8")


def _cpu_seconds(who: str, root: Path) -> float:
    command = [sys.executable, "-c", f"from bench.speed import run_{who}; run_{who}({str(root)!r})"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True, timeout=RUN_TIME_LIMIT_S)
    return float(done.stdout.split()[-1])


def run_ours(folder: str, place: str = "") -> None:
    """Read the `seeds` in a folder into a new archive, beside them or at `place`, as the program does.

    Prints the seconds on the clock and the CPU seconds used, imports left out, children included.
    """
    import asyncio

    from bot.app.building import PREPARE, SystemClock, calm_collector, share_processor
    from bot.articles.sandbox import Preparing, Sandbox
    from bot.pipeline import Limits, Pipeline
    from bot.storage.archive import open_archive

    calm_collector()
    share_processor()
    preparing = Preparing(function=PREPARE, options={"bullets": BULLETS})

    async def ingest() -> tuple[float, float]:
        root = Path(folder)
        async with open_archive(place or root / "news.db") as archive, Sandbox(preparing=preparing) as reader:
            await reader.start()
            pipeline = Pipeline(
                folder=root / "seeds",
                archive=archive,
                reader=reader,
                clock=SystemClock(),
                limits=Limits(max_bytes=10 * MB, settle_s=0),
                bullets=BULLETS,
            )
            before, began = _own_cpu() + _cpu_of_living_children(), time.perf_counter()
            report = await pipeline.ingest()
            assert not report.quarantined, report.quarantined[:3]
            wall_s = time.perf_counter() - began
        return wall_s, before

    wall_s, before = asyncio.run(ingest())
    print(wall_s, _own_cpu() - before)


def run_peer(folder: str) -> None:
    """Do the same with trafilatura and sumy's LexRank, storing bullets in SQLite; print the CPU seconds used."""
    import html
    import sqlite3

    import trafilatura
    from sumy.nlp.stemmers import Stemmer
    from sumy.parsers.plaintext import PlaintextParser
    from sumy.summarizers.lex_rank import LexRankSummarizer

    from bench.peers import NltkTokenizer

    database = sqlite3.connect(Path(folder) / "peer.db")
    database.execute("CREATE TABLE bullets (path TEXT, text TEXT)")
    summarizer, tokenizer = LexRankSummarizer(Stemmer("english")), NltkTokenizer()
    before = _own_cpu()
    for path in sorted((Path(folder) / "seeds").iterdir()):
        paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in path.read_text().split("\n\n"))
        text = trafilatura.extract(f"<html><body><article>{paragraphs}</article></body></html>") or ""
        sentences = summarizer(PlaintextParser.from_string(text, tokenizer).document, BULLETS)
        database.executemany(
            "INSERT INTO bullets VALUES (?, ?)", [(path.name, str(sentence)) for sentence in sentences]
        )
    database.commit()
    print(_own_cpu() - before)


def _own_cpu() -> float:
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _cpu_of_living_children() -> float:
    """Return the CPU seconds of children that `_own_cpu` will count only once they have ended."""
    ticks = 0
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        # After the name in brackets: state, then numbers; the 12th and 13th of all these are user and system time.
        ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _starts(root: Path, seeds: Path) -> list[Figure]:
    figures = [_start(root, "newsbot --help, wall", ["--help"], goal=0.3)]
    if seeds.is_dir():
        figures.append(
            _start(root, "newsbot digest --seeds (5 real files), wall", ["digest", "--seeds", str(seeds)], goal=2)
        )
    return figures


def _start(root: Path, metric: str, arguments: list[str], *, goal: float) -> Figure:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "bot", *arguments], cwd=PROJECT, capture_output=True, check=True)
        times.append(time.perf_counter() - started)
    return Figure(
        data="command line", metric=metric, ours=sorted(times)[2], goal=goal, unit="s", higher_is_better=False,
        note="median of 5",
    )  # fmt: skip


def _memory(home: Path, texts: list[str]) -> Figure:
    write_texts(_mixed(texts, ARTICLES_IN_MEMORY_TEST), home / "seeds")
    bot = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert bot.stdout is not None
    try:
        for line in bot.stdout:
            if "Coverage:" in line:
                break
        peak = _peak_rss_mb(bot.pid)
    finally:
        bot.send_signal(signal.SIGTERM)
        bot.communicate(timeout=60)
    return Figure(
        data=f"{ARTICLES_IN_MEMORY_TEST:,} text files",
        metric="memory of newsbot run, peak RSS",
        ours=peak,
        goal=300,
        unit="MB",
        higher_is_better=False,
        note="the bot's own process",
    )


def _mixed(texts: list[str], count: int) -> list[str]:
    # Each is made of thirds of three articles, so that none is a near-copy of another.
    thirds = [[text[part * len(text) // 3 : (part + 1) * len(text) // 3] for part in range(3)] for text in texts]
    total = len(texts)
    return [
        "\n".join(thirds[(number * (part + 1) + number // total * 7 * (part + 1)) % total][part] for part in range(3))
        for number in range(count)
    ]


def _peak_rss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / MB
    raise RuntimeError("the kernel tells no peak memory")
