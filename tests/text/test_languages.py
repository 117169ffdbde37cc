"""Scripts and languages are told from a few words."""

from __future__ import annotations

import pytest

from bot.text.languages import detect_language
from bot.text.scripts import dominant_script, is_cjk


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("The bridge", "latin"),
        ("다리가 열렸다", "hangul"),
        ("橋が開通した", "kana"),
        ("大桥今天通车", "han"),
        ("Мост открыт", "cyrillic"),
        ("الجسر", "arabic"),
        ("पुल", "devanagari"),
        ("สะพาน", "thai"),
        ("γέφυρα", "greek"),
        ("123 ...", ""),
    ],
)
def test_the_script_most_letters_are_in_is_dominant(text: str, script: str) -> None:
    assert dominant_script(text) == script


@pytest.mark.parametrize(
    ("text", "cjk"), [("bridge", False), ("Brücke", False), ("다리", True), ("橋", True), ("はし", True)]
)
def test_han_kana_and_hangul_are_cjk(text: str, cjk: bool) -> None:
    assert is_cjk(text) is cjk


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The old bridge was closed for the winter and nobody has crossed it.", "en"),
        ("시장은 어제 새 다리를 열었다. CEO도 참석했다.", "ko"),
        ("市長は昨日、新しい橋を開通させた。", "ja"),
        ("市长昨天为新桥剪彩。", "zh"),
        ("Der Bürgermeister hat gestern die neue Brücke eröffnet.", "de"),
        ("Le maire a inauguré hier le nouveau pont de la ville.", "fr"),
        ("El alcalde inauguró ayer el nuevo puente de la ciudad.", "es"),
        ("Мэр вчера открыл новый мост через реку.", "ru"),
        ("افتتح رئيس البلدية أمس الجسر الجديد في المدينة.", "ar"),
        ("महापौर ने कल नए पुल का उद्घाटन किया।", "hi"),
        ("Ο δήμαρχος άνοιξε χθες τη νέα γέφυρα.", "el"),
        ("นายกเทศมนตรีเปิดสะพานใหม่", "th"),
        ("42!", "und"),
        ("", "und"),
    ],
)
def test_the_language_of_a_sentence_is_detected(text: str, language: str) -> None:
    assert detect_language(text) == language
