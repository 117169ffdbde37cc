"""Where sentences end: invented texts for each rule, and the properties that hold for any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.sentences import split_sentences

MARKS = '.!?…"“”()。।「」a•\n:;'
WORDS = ("Mr. ", "U.S. ", "Nov. ", "No. ", "The ", "Vell ", "mayor ", "시장", "은 ", "했다. ", "5 ", "1. ", "2) ")
PIECES = st.sampled_from([*MARKS, *WORDS, ". ", "! ", ". . . ", '." ', "\n\n", "؟ "])
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join))


def split(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The bridge at Vell reopened.", "Traffic was light!", "Was it safe?"],
        ["Mr. Orrin Teal met Dr. Amy L. Fenn on Nov. 4.", "They agreed."],
        ["U.S. President Hollis Crane flew to Washington, D.C.", "The visit was short."],
        ["The vote is at 5 p.m. on Sat. Nov. 5.", "It is open to all."],
        ["At 6 a.m. Mr. Teal left.", "He was back at the office by 7 p.m.", "Mrs. Teal was not."],
        ["She ranked No. 5 in the county.", "He said no.", "The others agreed."],
        ["Gen. Yarrow praised Marlow Bros. Inc. for its work.", "It hired Teal Jr. in 1990."],
        ["Prices rose 2.5 percent to $1,200.50.", "Nobody knows why."],
        ["Write to press.office@vell.example.org.", "See www.vell.example.org for more."],
        ["The mayor, A. B. Fenn, spoke.", "C. D. Teal did not."],
        ["It was you and I.", "Did anyone else come?"],
        ["They came home at last....", "The house was empty."],
        ["The iPad sold well.", "iPhone sales fell."],
    ],
)
def test_a_full_stop_ends_a_sentence_only_where_no_abbreviation_or_number_goes_on(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ['"We lost. We will try again," the coach said.', "Then he left."],
        ['"It is not sustainable." Another expert said.', "The council disagreed."],
        ['He told her, "It is late."', "She took the lamp."],
        ["She called out, “Who is there?”", "Nobody answered."],
        ["„Wir haben verloren. Das tut weh“, sagte der Trainer.", "Er ging."],
        ["Il a dit « Oui. »", "Elle est partie."],
        ["He teaches (He was a baker before.) at the school.", "Classes are small."],
        ["The count rose (see page 4).", "(It fell a year later.)", "Then it rose."],
    ],
)
def test_a_quote_or_bracket_stays_whole_and_keeps_its_speech_tag(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("1.) Boil water 2.) Add salt", ["1.) Boil water", "2.) Add salt"]),
        ("1. Boil the water. 2. Add salt.", ["1. Boil the water.", "2. Add salt."]),
        ("a. Bread b. Cheese c. Wine", ["a. Bread", "b. Cheese", "c. Wine"]),
        ("• 1. Bread • 2. Cheese", ["• 1. Bread", "• 2. Cheese"]),
        ("bread\ncheese\nred wine\n", ["bread", "cheese", "red wine"]),
        ("The ferry was late\nbecause of the fog. It sailed at noon.", ["The ferry was late\nbecause of the fog.",
                                                                       "It sailed at noon."]),
        ("Fog delays ferry\nThe ferry from Vell sailed four hours late on Friday because of thick fog.",
         ["Fog delays ferry", "The ferry from Vell sailed four hours late on Friday because of thick fog."]),
        ("No stop here\n\nNew paragraph", ["No stop here", "New paragraph"]),
        ("The ferry sailed.The fog had lifted.", ["The ferry sailed.", "The fog had lifted."]),
        ("Acme.Com and jo.fenn@vell.example.org stay whole.", ["Acme.Com and jo.fenn@vell.example.org stay whole."]),
        ("the ferry sailed. it was late. the fog stayed.", ["the ferry sailed.", "it was late.", "the fog stayed."]),
    ],
)  # fmt: skip
def test_lines_and_list_items_end_sentences_where_they_were_ended_on_purpose(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


@pytest.mark.parametrize(
    ("language", "joiner", "sentences"),
    [
        ("ko", " ", ["시장은 3일 다리를 열었다.", "비가 왔지만 많은 사람이 왔다."]),
        ("ko", " ", ['시장은 "다리는 안전하다."라고 말했다.', "그는 웃었다."]),
        ("ko", "", ["다리가 열렸다.", "비가 왔다."]),
        ("ja", "", ["橋が開通した。", "雨が降っていた！", "安全ですか？"]),
        ("ja", "", ["市長は「安全だ。心配ない。」と述べた。", "雨が降っていた。"]),
        ("zh", "", ["大桥今天通车。", "你看过《走吧！小船》吗？", "看过！"]),
        ("ar", " ", ["افتتح الجسر اليوم.", "هل هو آمن؟", "قال د. سامي نعم."]),
        ("hi", " ", ["पुल आज खुला।", "डॉ. शर्मा खुश हैं।"]),
        ("hy", " ", ["Կամուրջը բաց է:", "Մենք գնում ենք:"]),
        ("el", " ", ["Πού είναι η γέφυρα;", "Άνοιξε σήμερα."]),
        ("am", "", ["ድልድዩ ተከፈተ።", "ደህና ነው፧"]),
        ("my", "", ["တံတားဖွင့်ပြီ။", "မိုးရွာသည်။"]),
        ("ru", " ", ["Мост открыл проф. Белов.", "А. И. Седов спросил: «Где лодка?».", "Никто не ответил."]),
        ("de", " ", ["Die Brücke öffnet am 3. Oktober, z. B. für Radfahrer.", "Dr. Kern kommt."]),
        ("de", " ", ["Das war im 19. Jahrhundert.", "Er ist der 2. Vorsitzende."]),
        ("fr", " ", ["M. Delorme est venu.", "Il a ri."]),
        ("es", " ", ["El Sr. Olmo llegó.", "¿Dónde está el puente?"]),
        ("it", " ", ["L'Ing. Corvi è arrivato.", "Il Dott. Neri no."]),
        ("und", " ", ["ᠭᠦᠦᠷ ᠨᠡᠭᠡᠭᠳᠡᠪᠡ᠃", "ᠪᠣᠷᠣᠭᠠ᠃"]),
    ],
)
def test_every_script_ends_its_sentences_its_own_way(language: str, joiner: str, sentences: list[str]) -> None:
    assert split(joiner.join(sentences), language) == sentences


@given(TEXTS, st.sampled_from(["en", "ar", "de", "ko"]))
def test_spans_are_in_order_stripped_and_cover_every_character_that_is_no_space(text: str, language: str) -> None:
    spans = split_sentences(text, language)
    covered = [False] * len(text)
    end_before = 0
    for start, end in spans:
        assert end_before <= start < end
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        covered[start:end] = [True] * (end - start)
        end_before = end
    assert all(covered[i] or text[i].isspace() for i in range(len(text)))


@pytest.mark.parametrize(
    "unit",
    ["a", "a ", '."', '" ', "(a", " . . .", "«", "\n", "1. ", "Mr. ", ". (", "다.가", "، ", "\n" + " " * 50, "a. "],
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_time_grows_with_the_length_alone_on_hostile_text(unit: str, language: str) -> None:
    def seconds(chars: int) -> float:
        text = unit * (chars // len(unit))
        started = time.process_time()
        split_sentences(text, language)
        return time.process_time() - started

    small = min(seconds(20_000) for _ in range(3))
    # Ten times the text may take ten times as long; twice that leaves room for a busy machine, not for a square.
    assert seconds(200_000) < 25 * small + 0.2


def test_thai_without_full_stops_is_cut_at_spaces_into_pieces_of_a_sentences_length() -> None:
    clause = "นายกเทศมนตรีเปิดสะพานใหม่เมื่อวานนี้ท่ามกลางสายฝนและประชาชนจำนวนมาก"
    assert split(f"{clause} {clause} {clause}", "th") == [clause] * 3


def test_a_long_arabic_sentence_is_read_clause_by_clause_and_a_short_one_is_not() -> None:
    clause = "افتتح رئيس البلدية الجسر الجديد فوق النهر أمس بحضور عدد كبير من السكان"
    assert split(f"{clause}، {clause}، {clause}.", "ar") == [f"{clause}،", f"{clause}،", f"{clause}."]
    assert split("جاء سامي، ثم ذهب.", "ar") == ["جاء سامي، ثم ذهب."]


@pytest.mark.parametrize("text", ["He met then-U.S. President Ada Quill.", "It opened in mid-Sept. 4 years ago."])
def test_an_abbreviation_behind_a_hyphen_is_still_one(text: str) -> None:
    assert len(split_sentences(text)) == 1
