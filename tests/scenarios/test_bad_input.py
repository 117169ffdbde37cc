"""Bad input: one clear sentence that says what to do, exit 2 where a command can't go on, and nothing is lost."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios.conftest import NewsbotCommand

GOOD = "The mill in Harl burned down on Friday night.\n\nNobody was hurt, the fire brigade said.\n"


def billion_laughs(path: Path) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{entities}]><rss><channel>&l9;</channel></rss>'
    )


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as member:
            for _ in range(600):
                member.write(bytes(1_000_000))


def encrypted_pdf(path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), encrypt=StandardEncryption("secret"))
    canvas.drawString(72, 700, GOOD)
    canvas.save()


def truncated_docx(path: Path) -> None:
    from docx import Document

    buffer = io.BytesIO()
    document = Document()
    document.add_paragraph(GOOD)
    document.save(buffer)
    path.write_bytes(buffer.getvalue()[:4000])


BAD_FILES: dict[str, Callable[[Path], object]] = {
    "empty.txt": lambda path: path.write_bytes(b""),
    "word.txt": lambda path: path.write_text("Hello"),
    "binary.txt": lambda path: path.write_bytes(bytes(range(256)) * 40),
    "picture.txt": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(400)),
    "damaged.pdf": lambda path: path.write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Cat"),
    "encrypted.pdf": encrypted_pdf,
    "damaged.docx": truncated_docx,
    "damaged.json": lambda path: path.write_text('{"title": "x", "text": '),
    "damaged.html": lambda path: path.write_text("<html><body></body></html>"),
    "empty.eml": lambda path: path.write_text("Subject: x\n\n"),
    "bomb.xml": billion_laughs,
    "bomb.docx": zip_bomb,
    "menu.txt": lambda path: path.write_text("Share on Facebook\nLog in\nSubscribe\n© 2026 All rights reserved\n"),
    "unknown.xyz": lambda path: path.write_text(GOOD),
}


def test_bad_files_are_quarantined_each_with_its_reason_and_the_others_are_read(
    newsbot: NewsbotCommand, home: Path
) -> None:
    folder = home / "seeds"
    folder.mkdir()
    for name, write in BAD_FILES.items():
        write(folder / name)
    (folder / "good.txt").write_text(GOOD)
    read = {row["path"]: row for row in newsbot("read", "seeds", "--json").objects}
    assert len(read["seeds/good.txt"]["sentences"]) == 2
    (digest,) = newsbot("digest", "--json").objects
    assert digest["coverage"]["quarantined"] == len(BAD_FILES)
    (status,) = newsbot("status", "--json").objects
    refused = {one["path"]: one["reason"] for one in status["quarantined"]}
    for name in BAD_FILES:
        assert read[f"seeds/{name}"]["quarantined"], name
        assert len(refused[name]) >= len("is empty"), name


def test_nested_divs_are_read_or_quarantined_but_never_silently_empty(newsbot: NewsbotCommand, home: Path) -> None:
    file = home / "deep.html"
    file.write_text("<html><body>" + "<div>" * 100_000 + f"<p>{GOOD}</p>" + "</div>" * 100_000)
    (row,) = newsbot("read", "deep.html", "--json", env={"NEWSBOT_READING__MAX_CPU_S": "2"}).objects
    assert row["quarantined"] or row["sentences"]


def test_a_line_of_ten_megabytes_is_refused_and_one_of_one_megabyte_is_summarized(
    newsbot: NewsbotCommand, home: Path
) -> None:
    (home / "huge.txt").write_text("The mill in Harl burned down on Friday night. " * 220_000)
    (home / "long.txt").write_text("The mill in Harl burned down on Friday night. " * 22_000)
    (refused,) = newsbot("read", "huge.txt", "--json").objects
    assert "split it" in refused["quarantined"]
    (row,) = newsbot("summarize", "long.txt", "--json").objects
    assert row["bullets"]


def test_a_mended_file_is_read_again(newsbot: NewsbotCommand, home: Path) -> None:
    file = home / "seeds" / "a.txt"
    file.parent.mkdir()
    file.write_bytes(b"")
    newsbot("digest")
    file.write_text(GOOD)
    (digest,) = newsbot("digest", "--json").objects
    assert len(digest["items"]) == 1
    assert digest["coverage"]["quarantined"] == 0


def test_one_bad_line_of_a_jsonl_file_is_named_and_the_others_are_read(newsbot: NewsbotCommand, home: Path) -> None:
    rows = [json.dumps({"id": "a", "text": GOOD}), "not json", json.dumps({"id": "c", "text": GOOD + "It rained."})]
    (home / "rows.jsonl").write_text("\n".join(rows))
    read = newsbot("read", "rows.jsonl", "--json").objects
    assert [row["id"] for row in read if not row["quarantined"]] == ["a", "c"]
    (bad,) = [row for row in read if row["quarantined"]]
    assert "2" in bad["quarantined"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp949", "euc-kr"])
def test_korean_text_is_read_whatever_its_encoding(newsbot: NewsbotCommand, home: Path, encoding: str) -> None:
    text = "하를의 방앗간이 금요일 밤 불에 탔다.\n\n다친 사람은 없다고 소방서가 밝혔다.\n"
    (home / "mill.txt").write_bytes(text.encode(encoding))
    (row,) = newsbot("read", "mill.txt", "--json").objects
    assert row["sentences"][0]["text"] == "하를의 방앗간이 금요일 밤 불에 탔다."


@pytest.mark.parametrize(
    ("arguments", "env", "hint"),
    [
        (("read", "nowhere"), {}, "does not exist"),
        (("digest", "--seeds", "nowhere"), {}, "does not exist"),
        (("digest",), {"NEWSBOT_SEEDS_DIR": "nowhere"}, "NEWSBOT_SEEDS_DIR"),
        (("digest", "--since", "someday", "--seeds", "x"), {}, ""),
        (("digest", "--json", "--markdown"), {}, "Choose one"),
        (("status",), {"NEWSBOT_SEED_DIR": "x"}, "Did you mean NEWSBOT_SEEDS_DIR"),
        (("status",), {"NEWSBOT_DIGEST__AT": "noon"}, "NEWSBOT_DIGEST__AT"),
        (("search",), {}, "words"),
        (("search", "mill"), {}, "archive"),
        (("summarize", "seeds", "--writer", "poet"), {}, "extractive or llm"),
        (("summarize", "seeds", "--writer", "llm"), {}, "OPENAI_API_KEY"),
        (("verify", "nowhere.jsonl"), {}, "can't be read"),
        (("frobnicate",), {}, "frobnicate"),
    ],
)
def test_a_bad_command_gets_one_clear_sentence(
    started_newsbot: NewsbotCommand, home: Path, arguments: tuple[str, ...], env: dict[str, str], hint: str
) -> None:
    ran = started_newsbot(*arguments, env=env)
    assert ran.code == 2
    assert hint in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("not json", "line 1"),
        ("[1]", "object"),
        ('{"article": "The mill burned down."}', "'claim'"),
        ('{"claim": "The mill burned down."}', "'article'"),
        ('{"article": "The mill burned down.", "claim": "x", "sentences": [9]}', "no sentence 9"),
    ],
)
def test_a_bad_claim_line_is_named(newsbot: NewsbotCommand, home: Path, line: str, hint: str) -> None:
    (home / "claims.jsonl").write_text(line + "\n")
    ran = newsbot("verify", "claims.jsonl", "--json")
    assert ran.code == 2
    assert hint in ran.err


def test_a_read_only_place_for_the_archive_is_named(newsbot: NewsbotCommand, samples: Path, home: Path) -> None:
    (home / "file").write_text("in the way")
    ran = newsbot("digest", env={"NEWSBOT_DATA_DIR": "file/data"})
    assert ran.code == 2
    assert "file/data" in ran.err
    assert "Traceback" not in ran.err


def test_a_damaged_archive_is_named_and_left_alone(newsbot: NewsbotCommand, samples: Path, home: Path) -> None:
    archive = home / "data" / "newsbot.db"
    archive.parent.mkdir()
    archive.write_bytes(b"this is no database" * 100)
    ran = newsbot("digest")
    assert ran.code == 2
    assert "newsbot.db" in ran.err
    assert archive.read_bytes().startswith(b"this is no database")


def test_a_broken_prompt_file_is_named_with_its_line(newsbot: NewsbotCommand, samples: Path, home: Path) -> None:
    prompts = home / "prompts"
    prompts.mkdir()
    (prompts / "summarize.md").write_text("Summarize {{ artikel }} {% if %}")
    ran = newsbot("check", env={"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"})
    assert ran.code == 2
    assert "summarize.md" in ran.out


def test_strange_names_break_no_line_of_the_output(newsbot: NewsbotCommand, home: Path) -> None:
    folder = home / "seeds"
    folder.mkdir()
    for name in (b"new\nline.txt", b"\xff\xfe.txt", "\u202etxt.exe.txt".encode()):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(GOOD + repr(name))
    rows = newsbot("read", "seeds", "--json").objects
    assert len(rows) == 3
    assert all("\n" not in row["path"] and "\u202e" not in row["path"] for row in rows)
    assert newsbot("digest").code == 0
