"""How sentences are ranked."""

from __future__ import annotations

from bot.summaries.ranking import MAX_RANKED, rank_sentences

TEXTS = [
    "The eastern pier of Velmora was closed on Monday.",
    "Engineers found cracks in the pillars of the pier.",
    "A cat slept on a wall.",
    "The pillars of the pier in Velmora are to be replaced by engineers.",
]


def test_the_lead_of_a_news_article_ranks_first() -> None:
    scores = rank_sentences(TEXTS).scores
    assert max(scores) == scores[0]


def test_what_the_article_comes_back_to_ranks_above_an_aside_beside_it() -> None:
    scores = rank_sentences([TEXTS[2], TEXTS[1], TEXTS[0], TEXTS[3]]).scores
    assert scores[1] > rank_sentences([TEXTS[0], TEXTS[2], TEXTS[1], TEXTS[3]]).scores[1]


def test_similarity_is_one_with_itself_and_none_with_the_unrelated() -> None:
    ranking = rank_sentences(TEXTS)
    assert abs(ranking.similarity(0, 0) - 1.0) < 1e-9
    assert ranking.similarity(0, 2) == 0.0


def test_a_sentence_close_to_the_title_gains() -> None:
    with_title = rank_sentences(TEXTS, title="Cat on a wall").scores
    other_title = rank_sentences(TEXTS, title="Ferries to Ostra").scores
    assert with_title[2] > other_title[2]


def test_only_the_first_sentences_of_an_endless_article_are_ranked() -> None:
    assert len(rank_sentences([TEXTS[0]] * 5000).scores) == MAX_RANKED


def test_nothing_to_rank_gives_an_empty_ranking() -> None:
    assert rank_sentences([]).scores == ()
