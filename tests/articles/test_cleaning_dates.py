"""The dates a page states about itself, in the forms of many papers; what is ambiguous is no date."""

from __future__ import annotations

import pytest

from bot.articles.cleaning import CleanedText, clean_text

TITLE = "Council closes harbour bridge for 18 months"
BODY = (
    "The town council voted on Monday to close the old harbour bridge for eighteen months "
    "while its piers are rebuilt.\n\n"
    "Ferries will carry passengers across the water every ten minutes, the harbour office "
    "said, and bicycles travel free."
)


def clean_with(line: str) -> CleanedText:
    return clean_text(f"{TITLE}\n{line}\n\n{BODY}")


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Published: 3 May 2026, 14:05 BST", "2026-05-03T14:05+01:00"),
        ("First published on Sun 3 May 2026 14.05 BST", "2026-05-03T14:05+01:00"),
        ("Posted on May 3rd, 2026 at 2:05 p.m. ET", "2026-05-03T14:05-04:00"),
        ("May 3, 2026 2:05pm EDT", "2026-05-03T14:05-04:00"),
        ("May 3, 2026 at 12:10 AM", "2026-05-03T00:10+00:00"),
        ("May 03, 2026 | 2:05 PM", "2026-05-03T14:05+00:00"),
        ("14:05 GMT, 3 May 2026", "2026-05-03T14:05+00:00"),
        ("2026-05-03T14:05:00Z", "2026-05-03T14:05+00:00"),
        ("2026-05-03T14:05:00+09:00", "2026-05-03T14:05+09:00"),
        ("입력 2026.05.03 14:05", "2026-05-03T14:05+00:00"),
        ("입력 : 2026.05.03. 오후 2:05", "2026-05-03T14:05+00:00"),
        ("기사입력 2026-05-03 14:05:33", "2026-05-03T14:05+00:00"),
        ("2026년 5월 3일 오후 2시 5분", "2026-05-03T14:05+00:00"),
        ("2026年5月3日 14時05分", "2026-05-03T14:05+00:00"),
        ("發布時間：2026/05/03 14:05", "2026-05-03T14:05+00:00"),
        ("Veröffentlicht am 3. Mai 2026 um 14.05 Uhr", "2026-05-03T14:05+00:00"),
        ("Publié le 03/04/2026 à 14:05", "2026-04-03T14:05+00:00"),
        ("Publicado el 3 de mayo de 2026 a las 14:05", "2026-05-03T14:05+00:00"),
        ("Опубликовано: 03.05.2026 14:05", "2026-05-03T14:05+00:00"),
        ("نشر في: ٣ مايو ٢٠٢٦ - ١٤:٠٥", "2026-05-03T14:05+00:00"),
        ("Last updated: 3 May 2026 09:00 IST", "2026-05-03T09:00+05:30"),
        ("Published: 13/04/2026", "2026-04-13T00:00+00:00"),
        ("Date: 3-May-2026", "2026-05-03T00:00+00:00"),
        ("Sunday, 3 May 2026", "2026-05-03T00:00+00:00"),
        ("3 พฤษภาคม 2569", "2026-05-03T00:00+00:00"),
    ],
)
def test_a_date_line_gives_the_publication_date_with_its_stated_zone(line: str, published: str) -> None:
    cleaned = clean_with(line)
    assert cleaned.published_at is not None
    assert cleaned.published_at.isoformat(timespec="minutes") == published
    assert len(cleaned.paragraphs) == 2


@pytest.mark.parametrize(
    "line",
    [
        "Published 03/04/2026",
        "Published: 03/04/2026 14:05",
        "Published 3 May 2150",
        "Published 3 May 1970",
        "Published: 2026-13-45",
        "Updated 2 hours ago",
        "Published: 5 hours ago",
        "3시간 전",
        "2小时前",
        "vor 2 Stunden",
        "il y a 2 heures",
        "hace 3 horas",
    ],
)
def test_a_date_line_without_a_sure_date_is_removed_and_gives_none(line: str) -> None:
    cleaned = clean_with(line)
    assert cleaned.published_at is None
    assert [(row.text, row.reason) for row in cleaned.removed if row.line == 2] == [(line, "publication date")]


@pytest.mark.parametrize(
    "line",
    [
        "Posted on : 2026-05-03 14:05 KST Modified on : 2026-05-04 09:00 KST",
        "입력 2026.05.03 14:05 KST 수정 2026.05.04 09:00 KST",
        "2026.05.03 14:05 KST 입력 | 2026.05.04 09:00 KST 수정",
        "Published: May 3, 2026 at 2:05 PM KST|Updated: May 4, 2026 at 9:00 AM KST",
    ],
)
def test_publication_and_modification_are_told_apart(line: str) -> None:
    cleaned = clean_with(line)
    assert cleaned.published_at is not None
    assert cleaned.modified_at is not None
    assert cleaned.published_at.isoformat(timespec="minutes") == "2026-05-03T14:05+09:00"
    assert cleaned.modified_at.isoformat(timespec="minutes") == "2026-05-04T09:00+09:00"


@pytest.mark.parametrize(("line", "day_only"), [("3 May 2026", True), ("3 May 2026, 14:05", False)])
def test_a_date_without_a_time_of_day_is_marked_as_such(line: str, day_only: bool) -> None:
    assert clean_with(line).published_day_only is day_only


def test_the_days_of_a_chronicle_are_no_publication_date() -> None:
    first, second = BODY.split("\n\n")
    cleaned = clean_text(f"{first}\n\n3 May 2026\n\n{second}\n\n4 May 2026\n\n{first.replace('Monday', 'Tuesday')}")
    assert cleaned.published_at is None
    assert cleaned.subheads == ("3 May 2026", "4 May 2026")


def test_a_dateline_with_a_year_dates_an_article_and_stays_in_it() -> None:
    cleaned = clean_text(f"{TITLE}\n\nPORT ELLIS, May 3, 2026 (Agency) — {BODY}")
    assert cleaned.published_at is not None
    assert (cleaned.published_at.date().isoformat(), cleaned.published_day_only, cleaned.source) == (
        "2026-05-03",
        True,
        "Agency",
    )
    assert cleaned.paragraphs[0].text.startswith("PORT ELLIS, May 3, 2026 (Agency) — The town council")
