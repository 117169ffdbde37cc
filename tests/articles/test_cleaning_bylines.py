"""Bylines, addresses and sources in the forms of many papers."""

from __future__ import annotations

import pytest

from bot.articles.cleaning import CleanedText, clean_text

TITLE = "Council closes harbour bridge for 18 months"
LEAD = (
    "The town council voted on Monday to close the old harbour bridge for eighteen months while its piers are rebuilt."
)
SECOND = (
    "Ferries will carry passengers across the water every ten minutes, the harbour office "
    "said, and bicycles travel free."
)


def clean_with(line: str) -> CleanedText:
    return clean_text(f"{TITLE}\n{line}\n\n{LEAD}\n\n{SECOND}")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ann Lee and Bob Ray", ("Ann Lee", "Bob Ray")),
        ("By Ann Lee, Bob Ray and Cy Young", ("Ann Lee", "Bob Ray", "Cy Young")),
        ("By Ann Lee, staff writer", ("Ann Lee",)),
        ("By Ann Lee, Political Correspondent", ("Ann Lee",)),
        ("BY ANN LEE", ("ANN LEE",)),
        ("Written by Ann Lee", ("Ann Lee",)),
        ("By Ann Lee in Port Ellis", ("Ann Lee",)),
        ("By Ann Lee in Port Ellis and Bob Ray", ("Ann Lee", "Bob Ray")),
        ("By Ann Lee for the Harrow Post", ("Ann Lee",)),
        ("By Dr. Ann O'Lee-Smith", ("Dr. Ann O'Lee-Smith",)),
        ("By Ludwig van der Berg", ("Ludwig van der Berg",)),
        ("By Nguyễn Văn An", ("Nguyễn Văn An",)),
        ("Author: Ann Lee", ("Ann Lee",)),
        ("Story by Ann Lee • 2h", ("Ann Lee",)),
        ("Posted by Ann Lee on May 3, 2026", ("Ann Lee",)),
        ("By Ann Lee | 3 May 2026 14:05 BST | 4 min read", ("Ann Lee",)),
        ("Von Anna Müller und Jan Weiß, Berlin", ("Anna Müller", "Jan Weiß")),
        ("Par Léa Petit", ("Léa Petit",)),
        ("Por María de la Cruz", ("María de la Cruz",)),
        ("Di Marco Rossi", ("Marco Rossi",)),
        ("Door Jan de Vries", ("Jan de Vries",)),
        ("Автор: Анна Петрова", ("Анна Петрова",)),
        ("بقلم: سلمى حداد", ("سلمى حداد",)),
        ("홍길동 기자", ("홍길동",)),
        ("홍길동·김철수 기자", ("홍길동", "김철수")),
        ("[서울=뉴스1] 홍길동 기자", ("홍길동",)),
        ("홍길동 특파원", ("홍길동",)),
        ("文/张三", ("张三",)),
        ("本报记者 张三 李四", ("张三", "李四")),
        ("記者 王小明", ("王小明",)),
        ("記者王小明／台北報導", ("王小明",)),
        ("取材・文＝山田花子", ("山田花子",)),
    ],
)
def test_a_byline_names_its_authors_and_leaves_the_body(line: str, names: tuple[str, ...]) -> None:
    cleaned = clean_with(line)
    assert (cleaned.title, cleaned.byline) == (TITLE, names)
    assert [part.text for part in cleaned.paragraphs] == [LEAD, SECOND]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("홍길동 기자 hong@paper.example", "홍길동"),
        ("Ann Lee hong@paper.example", "Ann Lee"),
        ("By Choi Min-ho (hong@paper.example)", "Choi Min-ho"),
    ],
)
def test_the_address_of_an_author_is_kept(line: str, name: str) -> None:
    cleaned = clean_with(line)
    assert (cleaned.byline, cleaned.emails) == ((name,), ("hong@paper.example",))


def test_the_address_of_a_desk_is_not_the_authors() -> None:
    cleaned = clean_text(
        f"{TITLE}\nBy Ann Lee\n{LEAD}\n{SECOND}\nPlease direct questions or comments to [desk@paper.example]"
    )
    assert (cleaned.byline, cleaned.emails) == (("Ann Lee",), ())


def test_the_authors_of_a_long_page_are_named_once() -> None:
    cleaned = clean_text(f"{TITLE}\nBy Ann Lee\n{LEAD}\n{SECOND}\nAnn Lee ann@paper.example")
    assert (cleaned.byline, cleaned.emails) == (("Ann Lee",), ("ann@paper.example",))


@pytest.mark.parametrize(
    "line",
    [
        "By Friday, the council was aware of the crack.",
        "By Monday evening",
        "By 2030 the bridge will be gone.",
        "By far the oldest",
    ],
)
def test_a_line_that_begins_with_by_is_not_always_a_byline(line: str) -> None:
    assert clean_text(f"{LEAD}\n{line}\n{SECOND}").byline == ()


def test_a_name_beside_a_paper_above_the_date_is_a_byline_and_a_source() -> None:
    cleaned = clean_with("Jane Doe | The Harrow Paper\n3 May 2026")
    assert (cleaned.byline, cleaned.source) == (("Jane Doe",), "The Harrow Paper")


@pytest.mark.parametrize(
    ("start", "source", "names"),
    [
        ("PORT ELLIS, May 3 (Harrow Wire) - ", "Harrow Wire", ()),
        ("(Reuters) - ", "Reuters", ()),
        ("( CNN ) -- ", "CNN", ()),
        ("BERLIN (dpa) – ", "dpa", ()),
        ("[서울=가온뉴스] 홍길동 기자 = ", "가온뉴스", ("홍길동",)),
        ("(서울=가온뉴스) 홍길동 기자 = ", "가온뉴스", ("홍길동",)),
        ("[한빛경제=홍길동 기자] ", "한빛경제", ("홍길동",)),
        ("【ロンドン共同】", "共同", ()),
    ],
)
def test_a_dateline_names_the_source_and_stays_in_the_body(start: str, source: str, names: tuple[str, ...]) -> None:
    cleaned = clean_text(f"{TITLE}\n\n{start}{LEAD}\n\n{SECOND}")
    assert (cleaned.source, cleaned.byline) == (source, names)
    assert cleaned.paragraphs[0].text.startswith(start.strip())


@pytest.mark.parametrize(
    "line", ["Source: Harrow Wire", "(Source: Harrow Wire)", "출처: Harrow Wire", "来源：Harrow Wire"]
)
def test_a_source_line_names_the_source(line: str) -> None:
    cleaned = clean_text(f"{TITLE}\n\n{LEAD}\n\n{SECOND}\n\n{line}")
    assert cleaned.source == "Harrow Wire"
    assert len(cleaned.paragraphs) == 2
