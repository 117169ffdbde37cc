"""`newsbot timeline PATH... --topic T`: what other programs may rely on, and what people see."""

from __future__ import annotations

import json
from pathlib import Path

from tests.scenarios.conftest import NewsbotCommand

ROWS = (
    {
        "id": "r1",
        "title": "Storm floods the Vessa tunnel",
        "text": "The Vessa tunnel was flooded on Sunday after a storm. Ilse Brandt told reporters on Monday that the "
        "tunnel will open to lorries on 14 May. Ferries carry the lorries of the whole coast until then.",
        "source": "The Vessa Post",
        "published_at": "2026-03-04",
    },
    {
        "id": "r2",
        "text": "A storm flooded the Vessa tunnel on 1 March. The tunnel was begun in 2019. Engineers pumped.",
        "published_at": "2026-03-05",
    },
    {"id": "r3", "text": "The Vessa tunnel leaked on Friday. Nobody had looked at it for a month, a guard said."},
)


def write_rows(folder: Path) -> Path:
    """Write the articles, one a line, and return the file."""
    file = folder / "tunnel.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return file


def test_every_entry_is_one_line_of_the_contract(newsbot: NewsbotCommand, tmp_path: Path) -> None:
    done = newsbot("timeline", str(write_rows(tmp_path)), "--topic", "Vessa tunnel", "--json")
    assert done.code == 0, done.err
    entries = [json.loads(line) for line in done.out.splitlines()]
    assert [(entry["date"], entry["granularity"], entry["status"]) for entry in entries] == [
        ("2019-01-01", "year", "fact"),
        ("2026-03-01", "day", "fact"),
        ("2026-05-14", "day", "planned"),
    ]
    assert {citation["id"] for citation in entries[1]["citations"]} == {"r1", "r2"}
    assert entries[2]["citations"] == [{"id": "r1", "sentence": 1}]


def test_the_span_and_the_number_of_entries_are_kept(newsbot: NewsbotCommand, tmp_path: Path) -> None:
    file = str(write_rows(tmp_path))
    done = newsbot("timeline", file, "--topic", "tunnel", "--since", "2026-03-01", "-k", "1", "--json")
    assert [json.loads(line)["date"] for line in done.out.splitlines()] == ["2026-03-01"]
    nothing = newsbot("timeline", file, "--topic", "tunnel", "--since", "2030-01-01", "--json")
    assert (nothing.code, nothing.out) == (1, "")


def test_people_see_days_plans_and_sources(newsbot: NewsbotCommand, tmp_path: Path) -> None:
    done = newsbot("timeline", str(write_rows(tmp_path)), "--topic", "tunnel")
    assert "1 Mar 2026" in done.out
    assert "14 May 2026 · (planned)" in done.out
    assert "The Vessa Post" in done.out


def test_what_makes_no_sense_is_refused_with_what_to_do(newsbot: NewsbotCommand, tmp_path: Path) -> None:
    file = str(write_rows(tmp_path))
    for arguments, words in (
        ((file, "--topic", "x", "--since", "soon"), "2026-05-03"),
        ((file, "--topic", "x", "--since", "2026-05-03", "--until", "2026-05-01"), "before --since"),
        ((file, "--topic", " "), "--topic"),
        ((file, "--json"), "--topic"),
        ((str(tmp_path / "nothing"), "--topic", "x"), "does not exist"),
    ):
        done = newsbot("timeline", *arguments)
        assert done.code == 2
        assert words in done.err


def test_a_topic_that_no_article_names_is_said_to_be_none(newsbot: NewsbotCommand, tmp_path: Path) -> None:
    file = str(write_rows(tmp_path))
    assert "no article names “zeppelins”" in newsbot("timeline", file, "--topic", "zeppelins", "--json").err
    assert newsbot("timeline", file, "--topic", "tunnel", "--json").err == ""


def test_a_question_for_days_is_answered_by_the_timeline_also_as_json_and_in_a_batch(
    newsbot: NewsbotCommand, tmp_path: Path
) -> None:
    file = str(write_rows(tmp_path))
    question = "What happened to the Vessa tunnel in March 2026?"
    done = newsbot("ask", question, "--seeds", file, "--json")
    assert done.code == 0, done.err
    [answer] = done.objects
    assert (answer["question"], answer["grounded"]) == (question, True)
    assert answer["answer"].startswith("1 Mar 2026: ")
    assert (answer["days"][0]["date"], answer["days"][0]["status"]) == ("2026-03-01", "fact")
    assert {citation["id"] for citation in answer["days"][0]["citations"]} == {"r1", "r2"}
    assert {day["date"][:7] for day in answer["days"]} == {"2026-03"}
    batch = tmp_path / "batch.jsonl"
    rows = (
        {"id": "a", "question": "What happened in March 2026?", "context": ["Who bored the Vessa tunnel?"]},
        {"id": "b", "question": "What happened in Atlantis in March 2026?"},
        {"id": "c", "question": "When will the tunnel open to lorries?"},
    )
    batch.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = {row["id"]: row for row in newsbot("ask", "--batch", str(batch), "--seeds", file).objects}
    assert found["a"]["days"] == answer["days"]
    assert (found["b"]["days"], found["b"]["grounded"]) == ([], False)
    assert found["c"]["days"] == []
    assert "14 May" in found["c"]["answer"]
    assert "1 Mar 2026 · " in newsbot("ask", question, "--seeds", file).out
