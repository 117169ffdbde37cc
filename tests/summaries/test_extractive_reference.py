"""Whether a sentence stands alone, and who "he" is."""

from __future__ import annotations

import pytest

from bot.model import Sentence
from bot.summaries.reference import find_antecedent, find_split_quotes, leaves_unnamed, points_backwards


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("He closed the pier.", "en"),
        ("Their boats stayed in the bay.", "en"),
        ("It also said the pier was old.", "en"),
        ("But the mayor stayed.", "en"),
        ("In that case the pier stays open.", "en"),
        ("The visit was cut short.", "en"),
        ("그는 부두를 닫았다.", "ko"),
        ("이에 시는 기금을 마련했다.", "ko"),
        ("しかし桟橋は閉鎖された。", "ja"),
        ("但是码头关闭了。", "zh"),
        ("Pero el muelle cerró.", "es"),
        ("Но пирс закрыт.", "ru"),
    ],
)
def test_a_sentence_that_needs_the_one_before_points_backwards(text: str, language: str) -> None:
    assert points_backwards(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The pier of Velmora was closed.", "en"),
        ("Butter prices rose in Velmora.", "en"),
        ("Sodium lamps light the pier.", "en"),
        ("In his speech, Tomas Reyk promised a crane.", "en"),
        ("이란은 부두를 닫았다.", "ko"),
        ("Suárez cerró el muelle.", "es"),
    ],
)
def test_a_sentence_that_names_its_subject_does_not(text: str, language: str) -> None:
    assert not points_backwards(text, language)


def test_somebody_who_is_never_named_is_noticed() -> None:
    assert leaves_unnamed("The man was arrested when he left the pier.")
    assert not leaves_unnamed("Tomas Reyk was arrested when he left the pier.")


@pytest.mark.parametrize(
    ("before", "sentence", "expected"),
    [
        ("Tomas Reyk, 61, leads the harbour office.", "He closed the dock.", "Tomas Reyk"),
        ("Mayor Ilse Brandvold opened the dock.", "She praised the crew.", "Mayor Ilse Brandvold"),
        ("Ilse Brandvold said her boat was late.", "She praised the crew.", "Ilse Brandvold"),
        ("Ilse Brandvold said her boat was late.", "He praised the crew.", None),
        ("Tomas Reyk told Anders Holt the dock was closed.", "He closed it.", None),
        ("Velmora Port Authority said it was closed.", "He closed it.", None),
        ("The dock was closed by Tomas Reyk.", "He praised the crew.", None),
        ("Tomas Reyk, 61, leads the harbour office.", "They closed the dock.", None),
    ],
)
def test_he_and_she_are_resolved_only_when_nobody_can_doubt(before: str, sentence: str, expected: str | None) -> None:
    found = find_antecedent([before, sentence], 1)
    assert (found.text if found else None) == expected


def test_a_run_of_he_goes_back_to_the_name_before_it() -> None:
    found = find_antecedent(["Tomas Reyk, 61, leads the office.", "He closed the dock.", "He was praised."], 2)
    assert found is not None
    assert (found.text, found.position) == ("Tomas Reyk", 0)


def test_sentences_inside_a_quotation_that_goes_on_are_split_quotes() -> None:
    texts = ["“The pier is ours.", "We built it,” said Ola Trane.", "The council met.", "“Fine,” he said."]
    sentences = [
        Sentence(index=index, text=text, start=0, end=len(text), paragraph=min(index, 2) // 2)
        for index, text in enumerate(texts)
    ]
    assert find_split_quotes(sentences) == {0, 1}
