"""Runs the benches and prints their tables: ours, the best peer of the same run, the goal; writes the report."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
import time
from pathlib import Path

from bench.figures import Measure
from bench.reporting import Section, load_sections, table_of, write_report

BENCHES = (
    "summaries",
    "stories",
    "timeline",
    "proof",
    "segmentation",
    "html",
    "storage",
    "passages",
    "answers",
    "speed",
    "acknowledging",
    "novelty",
    "web",
    "channels",
    "workers",
    "growth",
)
DATA_VARIABLE = "BENCH_DATA"
DEFAULT_DATA = Path(__file__).parents[2] / "shared" / "eval"
REPORT = Path(__file__).parent / "report"


def main() -> int:
    """Run the benches named (all by default), print each table as it is done, and write the report.

    Benches that are not named keep what they measured last.
    """
    arguments = _arguments()
    data = Path(os.environ.get(DATA_VARIABLE, DEFAULT_DATA))
    if not data.is_dir():
        print(f"The evaluation data is not at {data}. Set {DATA_VARIABLE} to its folder.", file=sys.stderr)
        return 2
    sections = load_sections(REPORT)
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    for name in arguments.names or BENCHES:
        measure: Measure = importlib.import_module(f"bench.{name}").measure
        started = time.perf_counter()
        figures = measure(data, limit=arguments.limit)
        sections[name] = Section(
            measured_on=time.strftime("%Y-%m-%d"),
            machine=machine,
            took_s=time.perf_counter() - started,
            limit=arguments.limit,
            figures=tuple(figures),
        )
        print(f"## {name}\n\n{table_of(figures)}\n\n({sections[name].took_s:.0f} s)\n", flush=True)
        # After each: who stops a run of hours keeps what was measured.
        write_report(REPORT, {one: sections[one] for one in BENCHES if one in sections})
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHES], help="benches to run; all by default")
    parser.add_argument("--limit", type=int, help="rows of each set at most, for a quick look")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
