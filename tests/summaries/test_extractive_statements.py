"""Every bullet is a sentence, its source names a speaker, and a derived headline never ends in the middle unmarked."""

from __future__ import annotations

import pytest

from bot.model import Article, Sentence, Summary
from bot.summaries.compression import compress_sentence
from bot.summaries.extractive import summarize_article
from bot.summaries.headline import derive_headline
from bot.summaries.statements import ends_unfinished, is_fragment, splits_comparison, stands_as_statement
from bot.text.words import count_words

FILLERS = (
    "The ferry company of Ostrava Bay will sell two of its older boats in the spring.",
    "Fishermen in the harbour have asked the region for new moorings since the storm.",
    "A report on the pier was handed to the mayor in the town hall.",
    "The library has bought a bus that will stop in nine villages.",
)


def article_of(*texts: str, title: str | None = "News from the bay") -> Article:
    """An English article of the sentences, one a paragraph."""
    sentences: list[Sentence] = []
    start = 0
    for index, text in enumerate(texts):
        sentences.append(Sentence(index=index, text=text, start=start, end=start + len(text), paragraph=index))
        start += len(text) + 2
    body = "\n\n".join(texts)
    return Article(id="a", version="v", path="a.txt", title=title, language="en", body=body, sentences=tuple(sentences))


def bullets_of(*texts: str) -> list[str]:
    summary: Summary = summarize_article(article_of(*texts))
    return [bullet.text for bullet in summary.bullets]


@pytest.mark.parametrize(
    "fragment",
    [
        "Radio host and member of the choir The Gulls, Petra Holm.",
        "When Keller, who rowed for Ostrava Bay, lashed out.",
        "While the council of Ostrava Bay did not name the buyer of the two older boats.",
        "Ana Ruiz, the harbour's director of boats and piers.",
        "Friends of the ferry, united around the harbour's director of boats and piers.",
        "#OstravaBay' and added a heart for the two older boats of the bay.",
        "@ferrywatch the older boats of Ostrava Bay are for sale again this spring.",
        "The two older boats were offered to a buyer who would keep them in the…",
        "Scroll down for the pictures that show how the older boats of Ostrava Bay were sold.",
        'The ferries of Ostrava Bay have lost "much support,".',
        "Last updated at 14:39 on the boats of Ostrava Bay that were sold.",
    ],
)
def test_what_is_no_sentence_is_not_chosen(fragment: str) -> None:
    chosen = bullets_of(fragment, *FILLERS)
    assert chosen
    assert all(chosen_text in FILLERS for chosen_text in chosen)


def test_a_glued_caption_or_a_line_without_a_full_stop_gives_way_to_sentences() -> None:
    glued = "The mayor of Ostrava Bay greets the boats in the harbour Holm ( left ) has sold the boats."
    heading = "Boats of Ostrava Bay are sold"
    chosen = bullets_of(glued, heading, *FILLERS)
    assert glued not in chosen
    assert heading not in chosen


def test_a_lone_fragment_is_shown_when_the_article_has_nothing_else() -> None:
    assert len(bullets_of("Ana Ruiz, the director of boats and piers.")) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "As many as 80 people were also hurt.",
        "When the boats arrived, the crowd left the pier.",
        "Closing the pier was a mistake.",
        "It's the first storm of the year.",
        "Residents draw their water from two wells.",
        "The band's singer was named Doctor Who.",
    ],
)
def test_sentences_of_unusual_form_are_no_fragments(sentence: str) -> None:
    assert not is_fragment(sentence)
    assert not ends_unfinished(sentence)


@pytest.mark.parametrize(
    "ending",
    [
        "sold two boats to.",
        "sold two boats and.",
        "sold the",
        'said it had "support,".',
        "sold boats…",
        "sold boats...",
    ],
)
def test_an_end_that_waits_for_more_is_unfinished(ending: str) -> None:
    assert ends_unfinished(f"The company {ending}")


def test_a_speaker_described_in_a_relative_clause_keeps_what_he_said() -> None:
    source = "Birgit Nyborg, who leads the opposition, said the town could not afford the loan for the new pier."
    short = compress_sentence(source)
    assert short.text.endswith("said the town could not afford the loan for the new pier.")
    assert short.text.startswith("Birgit Nyborg")
    assert short.attribution is not None
    assert short.attribution in short.text
    assert short.attribution.startswith("Birgit Nyborg")
    assert short.attribution.endswith("said")


@pytest.mark.parametrize(
    "source",
    [
        "Olav Brandt, pastor of the chapel on the hill, estimates damages at more than 2 million crowns.",
        "The two winners - announced next Monday - will open the pier with the mayor of the town and the choir.",
        "The quake, which struck at 13:53, was felt in the neighbouring states of Marrow and Velmora for a minute.",
        "While the company would not confirm the sale, the Gazette said Friday he is the man who bought the ferries.",
    ],
)
def test_an_attribution_names_a_speaker(source: str) -> None:
    attribution = compress_sentence(source).attribution
    assert attribution is None or attribution.startswith(("Olav Brandt", "the Gazette"))
    assert attribution is None or " is the man" not in attribution


@pytest.mark.parametrize(
    ("source", "attribution"),
    [
        ("One of the sailors told Velmora's District Court that she feared the sea.", "told Velmora's District Court"),
        ("The captain told the state television that both boats had been found.", "told the state television"),
        ("A spokesman for the port told NRK the crew of the ferry feared the storm.", "told NRK"),
        ("The captain told the court that both boats had been found in the fog.", "told the court"),
    ],
)
def test_who_was_told_is_named_to_the_end(source: str, attribution: str) -> None:
    found = compress_sentence(source).attribution
    assert found is not None
    assert found.endswith(attribution)


def test_an_attribution_that_stays_in_the_text_is_worded_as_the_text() -> None:
    source = (
        "The Harbour Safety Service (HSS) said Wednesday that it was watching the older ferries of the bay for cracks "
        "that might have opened in the storm."
    )
    short = compress_sentence(source)
    assert short.attribution is not None
    assert short.attribution.casefold() in short.text.casefold()


@pytest.mark.parametrize(
    ("head", "tail"),
    [
        ("The port sold five times as many", " as the old port did"),
        ("The port sold as few boats", " as the old port did"),
        ("The port sold more boats", " than the old port did"),
    ],
)
def test_a_comparison_is_not_cut_in_the_middle(head: str, tail: str) -> None:
    assert splits_comparison(head, tail)
    source = f"{head}{tail} in the same months of the year before the storm broke the pier in two."
    text = compress_sentence(source).text
    assert not text.rstrip(".").endswith(head)


def test_a_person_told_by_what_he_did_is_not_cut_off_from_it() -> None:
    source = (
        "The search of the harbour and of the old ferries at the pier of Ostrava Bay led the captain to a man who "
        "had hidden the bell of the chapel in his boat since the night of the storm."
    )
    assert not compress_sentence(source).text.endswith("to a man.")


def test_a_time_measured_from_something_keeps_it() -> None:
    source = (
        "The storm that broke the old pier of Ostrava Bay and the masts of four boats in the harbour came only "
        "two days after the mayor and the owners of the ferries had opened it to the people of the far islands."
    )
    assert not compress_sentence(source).text.endswith("two days.")


def test_a_hyphen_set_apart_is_no_border() -> None:
    source = (
        "The port workers of Ostrava Bay have agreed after long talks with the mayor and the owners of the ferries "
        "to end a 24 - hour strike that had kept the older boats in the harbour of the town since Monday morning."
    )
    assert not compress_sentence(source).text.endswith("a 24.")


@pytest.mark.parametrize(
    "lead",
    [
        "Imre Uhl used a small device behind a desk to break into the computers of the school and up his marks.",
        "The finding of a letter by a sailor from the far islands brought the captain back to the old pier.",
        "A man accused of stealing the bell of the chapel on the hill in the night of a storm has told a court so.",
        "Champion rower Sina Willis said her struggle to beat the older Sara Ehrling in the bay was an eye opener.",
        "Just hours after the ferry to the far islands was named after the late mayor, a storm broke its mast.",
        "A young woman who was seen in the old harbour by the captain Maurits van Rijn in May has come forward.",
    ],
)
def test_a_derived_headline_reads_complete_or_shows_that_it_was_cut(lead: str) -> None:
    headline = derive_headline([lead])
    assert count_words(headline) <= 16
    assert headline.endswith("…") or stands_as_statement(headline)
    assert not ends_unfinished(headline.rstrip("…"))


def test_a_headline_ends_before_a_phrase_when_that_reads_complete() -> None:
    lead = (
        "The council of Ostrava Bay has closed the pier to all ferries after a storm broke two of its beams and the "
        "mast of a boat in the night."
    )
    assert derive_headline([lead]) == "The council of Ostrava Bay has closed the pier to all ferries"


def test_a_headline_is_not_taken_from_a_fragment_while_a_sentence_follows() -> None:
    leads = ["Updated at 8:41 on 3 March", "Ana Ruiz, director of piers.", "The council has closed the pier."]
    assert derive_headline(leads[1:]) == "The council has closed the pier"
