"""The proof in Korean and in other scripts: quotes, numbers, dates and denials hold, copies raise no alarm."""

from __future__ import annotations

import pytest

from bot.proof import prepare_source, verify_claim

KOREAN = [
    "해오름시는 3일 새 부두 공사에 12억원을 투입한다고 밝혔다.",
    "김하늘 시장은 “공사는 5월에 시작된다”고 말했다.",
    "어민들은 시가 사전에 협의하지 않았다고 주장했다.",
    "지난해 여객선 이용객은 1만2천명으로 7% 늘었다.",
]


@pytest.mark.parametrize("index", range(len(KOREAN)))
def test_copied_korean_sentences_stand(index: int) -> None:
    verdict = verify_claim(KOREAN[index], prepare_source(KOREAN), cited=[index], copied=True)
    assert verdict.supported, verdict.problems


@pytest.mark.parametrize(
    ("claim", "cited", "kind"),
    [
        ("해오름시는 3일 새 부두 공사에 15억원을 투입한다고 밝혔다.", 0, "number"),
        ("김하늘 시장은 “공사는 9월에 시작된다”고 말했다.", 1, "date"),
        ("박구름 시장은 “공사는 5월에 시작된다”고 말했다.", 1, "name"),
        ("김하늘 시장은 “공사는 취소되었습니다”고 말했다.", 1, "quote"),
        ("어민들은 시가 사전에 협의했다고 주장했다.", 2, "negation"),
        ("지난해 여객선 이용객은 1만2천명으로 9% 늘었다.", 3, "number"),
        ("해오름시는 3일 새 부두 공사에 12억원을 투입하지 않는다고 밝혔다.", 0, "negation"),
    ],
)
def test_one_thing_changed_in_korean_is_caught(claim: str, cited: int, kind: str) -> None:
    verdict = verify_claim(claim, prepare_source(KOREAN), cited=[cited])
    assert not verdict.supported
    assert kind in {problem.kind for problem in verdict.problems}


SENTENCES = {
    "ja": "海鳴市は五月四日、港の工事に12億円をかけると発表した。",
    "zh": "海鸣市周一宣布，港口工程将耗资12亿元。",
    "ar": "أعلنت بلدية المرفأ يوم الاثنين أن المشروع سيكلف 12 مليون دينار.",
    "hi": "बंदरगाह नगर ने सोमवार को कहा कि काम पर 12 करोड़ रुपये खर्च होंगे।",
    "th": "เทศบาลประกาศว่าโครงการท่าเรือจะใช้เงิน 12 ล้านบาท",
    "ru": "Мэрия Бринмута сообщила, что ремонт порта обойдётся в 12 миллионов.",
    "el": "Ο δήμος ανακοίνωσε ότι το έργο θα κοστίσει 12 εκατομμύρια.",
    "de": "Die Stadt Brinmünde teilte am Montag mit, der Umbau des Hafens koste 12 Millionen Euro.",
    "fr": "La ville de Brinmer a annoncé lundi que les travaux du port coûteront 12 millions d'euros.",
    "es": "La ciudad de Brinmar anunció el lunes que las obras del puerto costarán 12 millones de euros.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_copies_stand_and_new_numbers_fall_in_every_script(language: str) -> None:
    sentence = SENTENCES[language]
    source = prepare_source([sentence])
    assert verify_claim(sentence, source, cited=[0], copied=True).supported
    assert verify_claim(sentence, source).supported
    assert not verify_claim(sentence.replace("12", "57"), source, cited=[0]).supported
