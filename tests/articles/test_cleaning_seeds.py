"""Real pages with hand-made gold, kept beside the repository (not in it): every fact, in every way of pasting.

They are found through the environment variable TESTS_SHARED, or in a folder `shared` beside the repository.
"""

from __future__ import annotations

import json
import os
import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.articles.cleaning import clean_text

SHARED = Path(os.environ.get("TESTS_SHARED", Path(__file__).parents[3] / "shared"))
GOLD = sorted((SHARED / "gold").glob("00*.json")) if (SHARED / "gold").is_dir() else []
pytestmark = pytest.mark.skipif(not GOLD, reason="shared data: the real pages and their gold are not here")

WRAP_COLUMNS = 76


def wrap(text: str, *, keep_blank: bool) -> str:
    rows = [row for row in text.split("\n") if keep_blank or row.strip()]
    return "\n".join("\n".join(textwrap.wrap(row, WRAP_COLUMNS)) if row.strip() else row for row in rows)


def straighten(text: str) -> str:
    return text.translate(str.maketrans("“”‘’", "\"\"''"))


VARIANTS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "no blank lines": lambda text: "\n".join(row for row in text.split("\n") if row.strip()),
    "wrapped": lambda text: wrap(text, keep_blank=True),
    "wrapped without blank lines": lambda text: wrap(text, keep_blank=False),
    "straight quotes": straighten,
    "double-spaced": lambda text: text.replace("\n", "\n\n"),
    "trailing blanks": lambda text: "\n".join(row + " \u00a0\t" for row in text.split("\n")),
    "byte order mark": lambda text: "\ufeff" + text,
}


def squash(text: str) -> str:
    return re.sub(r"\s+", "", straighten(text))


def unbullet(line: str) -> str:
    return re.sub(r"^\s*•\s*", "", line)


def gold_checks(gold: dict[str, Any], rows: list[str], pasted: str) -> dict[str, tuple[object, object]]:
    """Return what was found and what the gold says, by the name of each check; texts are compared without blanks."""
    cleaned = clean_text(pasted)
    body = " ".join(part.text for part in cleaned.paragraphs)
    removed = squash(" ".join(line.text for line in cleaned.removed))
    dropped = [squash(item["text"]) for item in gold["must_drop_lines"]]
    outside = {squash(rows[number - 1]) for number in gold["not_body_lines"]}
    moments = {"published": cleaned.published_at, "modified": cleaned.modified_at}
    return {
        "title": (squash(cleaned.title or ""), squash(gold["title"] or "")),
        "deck": (squash(cleaned.deck or ""), squash(gold["deck"] or "")),
        "author": (list(cleaned.byline), [gold["author"]] if gold["author"] else []),
        "email": (list(cleaned.emails), [gold["email"]] if gold["email"] else []),
        **{name: (at.isoformat(timespec="minutes") if at else None, gold[name]) for name, at in moments.items()},
        "body": (squash(body), squash(" ".join(rows[number - 1] for number in gold["body_lines"]))),
        "first sentence": (squash(body).startswith(squash(gold["body_first_sentence"])), True),
        "last sentence": (squash(body).endswith(squash(gold["body_last_sentence"])), True),
        "captions": (
            sorted(map(squash, cleaned.captions)),
            sorted({squash(rows[number - 1]) for number in gold["caption_lines"]}),
        ),
        "key points": (
            list(map(squash, cleaned.key_points)),
            [squash(unbullet(rows[number - 1])) for number in gold["keypoint_lines"]],
        ),
        "subheads": (
            list(map(squash, cleaned.subheads)),
            [squash(rows[number - 1]) for number in gold["subhead_lines"]],
        ),
        "dropped": ([text for text in dropped if text not in removed], []),
        "outside the body": ([part.text for part in cleaned.paragraphs if squash(part.text) in outside], []),
    }


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("gold_file", GOLD, ids=[path.stem[:3] for path in GOLD])
def test_a_real_page_gives_its_gold_however_it_was_pasted(gold_file: Path, variant: str) -> None:
    gold = json.loads(gold_file.read_text(encoding="utf-8"))
    text = (SHARED / "seeds" / gold["file"]).read_text(encoding="utf-8")
    checks = gold_checks(gold, text.split("\n"), VARIANTS[variant](text))
    assert {name: found for name, (found, _) in checks.items()} == {
        name: wanted for name, (_, wanted) in checks.items()
    }
