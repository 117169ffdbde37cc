"""Bytes become the text their writer meant, or are refused."""

from __future__ import annotations

import random

import pytest

from bot.articles.charset import decode_text
from bot.errors import BadArticle

KOREAN = "시장은 어제 새 다리의 개통을 발표했다. 주민들은 “환영한다”고 말했다."
JAPANESE = "市長は昨日、新しい橋の開通を発表した。住民は喜んでいる。"
SIMPLIFIED = "市长昨天宣布新桥开通，居民们表示这是一个好消息。"
TRADITIONAL = "市長昨天宣布新橋開通，居民們表示這是一個好消息。"
FRENCH = "Le maire a inauguré le pont hier. « C’est une fête », a-t-il déclaré à l’été."
POLISH = "Burmistrz otworzył wczoraj nowy most. Mieszkańcy są zadowoleni, że dostali łódź i żagle."
RUSSIAN = "Мэр вчера объявил об открытии нового моста. Жители довольны этим решением."
GREEK = "Ο δήμαρχος ανακοίνωσε χθες το άνοιγμα της νέας γέφυρας στην πόλη."
ARABIC = "أعلن رئيس البلدية أمس افتتاح الجسر الجديد في المدينة"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (KOREAN, "utf-8"),
        (KOREAN, "cp949"),
        ("시장은 다리를 열었다.", "euc_kr"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "big5"),
        (FRENCH, "cp1252"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (GREEK, "cp1253"),
        (ARABIC, "cp1256"),
    ],
)
def test_an_undeclared_charset_is_recognised_from_one_or_two_sentences(text: str, charset: str) -> None:
    assert decode_text(text.encode(charset)) == text


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_not_part_of_the_text(charset: str) -> None:
    assert decode_text(("Bridge opens. " + KOREAN).encode(charset)) == "Bridge opens. " + KOREAN


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["The mayor opened the bridge.", KOREAN * 2])
def test_utf_16_without_a_mark_is_recognised(text: str, charset: str) -> None:
    assert decode_text(text.encode(charset)) == text


@pytest.mark.parametrize(
    ("declared", "charset"),
    [("ks_c_5601-1987", "cp949"), ("EUC-KR", "cp949"), ("iso-8859-1", "cp1252"), ("'koi8-r'", "koi8-r")],
)
def test_a_declared_charset_is_taken_as_its_superset(declared: str, charset: str) -> None:
    text = {"cp949": "똠방각하 다리", "cp1252": "“déjà”", "koi8-r": RUSSIAN}[charset]
    assert decode_text(text.encode(charset), declared=declared) == text


@pytest.mark.parametrize("declared", ["x-unknown-1", "zip", "hex", "", "utf-8\0"])
def test_a_declaration_that_names_no_charset_is_passed_over(declared: str) -> None:
    assert decode_text(FRENCH.encode("cp1252"), declared=declared) == FRENCH


def test_a_wrong_declaration_does_not_overrule_valid_utf_8() -> None:
    assert decode_text(KOREAN.encode(), declared="iso-8859-1") == KOREAN


def test_a_few_nuls_are_removed() -> None:
    assert decode_text(b"The bridge \0is open. " + b"Many walked over it. " * 20).startswith("The bridge is open.")


@pytest.mark.parametrize("data", [bytes(range(256)) * 20, b"\0\1\2" * 500, b"\x01\x02\x03text" * 100])
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(BadArticle, match=r"not text|could not be recognised"):
        decode_text(data)


def test_random_bytes_are_refused() -> None:
    chance = random.Random(4)
    for _ in range(20):
        with pytest.raises(BadArticle):
            decode_text(chance.randbytes(4_000))


@pytest.mark.parametrize("charset", ["cp949", "utf-8"])
def test_a_character_cut_off_at_the_end_does_not_spoil_the_rest(charset: str) -> None:
    assert decode_text((KOREAN * 3 + "끝").encode(charset)[:-1]).startswith(KOREAN)
