"""The text of a page: its paragraphs in order, everything else kept apart with a reason."""

from __future__ import annotations

import pytest

from bot.articles.html import HtmlArticle, read_html
from bot.errors import BadArticle

TITLE = "Harrowmere votes to rebuild its harbour wall"
PARAGRAPHS = (
    "The town council of Harrowmere voted on Tuesday night to rebuild the harbour wall that a storm broke in March.",
    "Nine of the fourteen members agreed to spend 2.4 million crowns, the clerk said after a debate of three hours.",
    "“Nobody sleeps well behind a wall with a hole in it,” said the mayor, Ida Quill, who had asked for the vote.",
    "Work is planned to begin in June, when the fishing fleet is at sea, and should take about five months.",
)


def page(*, body: str | None = None, before: str = "", after: str = "", head: str = "") -> str:
    """Return a whole page around the article's text."""
    text = body if body is not None else "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    return (
        f"<html lang='en-GB'><head><title>{TITLE} | The Gull</title>{head}</head><body>"
        f"<nav><ul><li><a href='/'>Home</a></li><li><a href='/sport'>Sport</a></li></ul></nav>{before}"
        f"<article><h1>{TITLE}</h1><div class='article-body'>{text}</div></article>{after}"
        "<footer><p>The Gull is printed in Harrowmere and has been read along the coast for ninety years.</p></footer>"
        "</body></html>"
    )


def inside(extra: str) -> HtmlArticle:
    """Return the article of a page that has `extra` between its second and third paragraph."""
    texts = [f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS]
    return read_html(page(body="".join((*texts[:2], extra, *texts[2:]))))


def test_the_paragraphs_of_an_article_are_read_in_order() -> None:
    assert read_html(page()).paragraphs == PARAGRAPHS


def test_menus_and_footers_are_removed_with_a_reason() -> None:
    reasons = {line.text: line.reason for line in read_html(page()).removed}
    assert "Sport" in reasons
    assert all(reasons.values())
    assert not any("ninety years" in paragraph for paragraph in read_html(page()).paragraphs)


@pytest.mark.parametrize(
    "clutter",
    [
        "<div class='social-share'>Share this page with friends who love the sea and all that swims in it</div>",
        "<p>Read also: <a href='/2'>Why the old wall broke in the storm</a></p>",
        "<div class='related-articles'><h3>Related</h3><ul><li><a href='/3'>The storm of March</a></li></ul></div>",
        "<div id='newsletterBox'><p>Get our morning letter in your inbox every day of the week.</p></div>",
        "<section><h4>Sign up for our newsletter</h4><p>Ten stories from the coast every morning, free.</p></section>",
        "<div class='ad-slot'>Advertisement</div>",
        "<div class='cookie-consent'>We use cookies to bring you this page and to count those who read it.</div>",
        "<p>Lea también: <a href='/4'>El muro del puerto</a></p>",
        "<aside><p>The writer Tom Brill has lived by the harbour for thirty years and mends nets.</p></aside>",
    ],
)
def test_clutter_between_paragraphs_is_left_out(clutter: str) -> None:
    assert inside(clutter).paragraphs == PARAGRAPHS


def test_running_text_in_a_box_with_an_advertisement_is_kept() -> None:
    first, second, *rest = (f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    html = page(body=f"<div>{first}</div><div><span>Advertisement</span>{second}</div>{''.join(rest)}")
    assert read_html(html).paragraphs == PARAGRAPHS


def test_a_subhead_that_is_a_jump_target_of_the_menu_is_kept() -> None:
    assert inside("<h2><a id='nav-next' name='next'>What comes next</a></h2>").subheads == ("What comes next",)


@pytest.mark.parametrize(
    "line",
    [
        "Follow The Gull on Facebook and Instagram, or write to us, if you know more about this story or another one.",
        "For the latest news from the harbour download our app for your telephone or tablet.",
        "Never miss a story from the coast by signing up to our daily letter.",
        "19:49 Uhr",
        "Published: 3 March 2025, 10:15",
        "© 2025 The Gull. All rights reserved.",
        "Photo: Ida Quill / Gull Pictures",
    ],
)
def test_notices_between_paragraphs_are_left_out(line: str) -> None:
    assert inside(f"<p>{line}</p>").paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    "sentence",
    [
        "Share prices of the harbour company fell by a tenth on Wednesday after the vote.",
        "Watch officers on the pier saw the first stones fall at four in the morning, at high tide.",
        "Related costs, such as the road along the wall, are not part of the sum and will be voted on in the autumn.",
        "Advertising for the summer season has begun all the same, the tourist office said, and rooms are nearly full.",
        "Advertising revenue fell by a tenth.",
        "Copyright law is about to change, the minister for culture said on the same day, and few will like it.",
        "Updated figures show 12 broken boats.",
        "Share prices fell.",
        "Comments by the mayor that the wall was never in danger were withdrawn by her office later on the same night.",
    ],
)
def test_sentences_that_begin_like_clutter_are_kept(sentence: str) -> None:
    assert sentence in inside(f"<p>{sentence}</p>").paragraphs


def test_captions_are_kept_apart() -> None:
    article = inside("<figure><img src='wall.jpg'><figcaption>The broken wall at low tide.</figcaption></figure>")
    assert article.captions == ("The broken wall at low tide.",)
    assert article.paragraphs == PARAGRAPHS


def test_a_quotation_in_a_figure_is_text() -> None:
    quote = "The sea does not wait for a budget, and neither should a town that lives from it, she told the hall."
    assert quote in inside(f"<figure><blockquote><p>{quote}</p></blockquote></figure>").paragraphs


def test_subheads_stay_in_place_and_are_named() -> None:
    article = inside("<h2>What comes next</h2>")
    assert article.subheads == ("What comes next",)
    assert article.paragraphs == (*PARAGRAPHS[:2], "What comes next", *PARAGRAPHS[2:])


def test_a_heading_with_nothing_below_it_is_left_out() -> None:
    texts = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    assert read_html(page(body=f"{texts}<h2>From the archive</h2>")).paragraphs == PARAGRAPHS


def test_a_list_under_a_heading_of_key_points_becomes_key_points() -> None:
    points = ("The wall will cost 2.4 million crowns.", "Work begins in June and takes five months.")
    article = inside("<h3>Key points</h3><ul>" + "".join(f"<li>{point}</li>" for point in points) + "</ul>")
    assert article.key_points == points
    assert article.paragraphs == PARAGRAPHS


def test_a_short_heading_above_the_text_is_the_deck() -> None:
    texts = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    article = read_html(page(body=f"<h2>Nine of fourteen members agree</h2>{texts}"))
    assert article.deck == "Nine of fourteen members agree"
    assert article.paragraphs == PARAGRAPHS


def test_a_lead_above_the_text_box_is_the_first_paragraph() -> None:
    lead = "A wall that has kept the sea out of the lower town since 1891 will be built again, higher by a metre."
    texts = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    html = (
        f"<body><main><header><h1>{TITLE}</h1><p class='teaser'>{lead}</p></header>"
        f"<div class='story'>{texts}</div></main></body>"
    )
    assert read_html(html).paragraphs == (lead, *PARAGRAPHS)


def test_double_line_breaks_part_paragraphs() -> None:
    assert read_html(page(body="<br><br>".join(PARAGRAPHS))).paragraphs == PARAGRAPHS


def test_an_article_longer_than_its_comments_and_one_shorter_are_both_found() -> None:
    remark = "I have said for years that the wall would go, and nobody at the town hall ever listened to me or my wife."
    comments = "".join(f"<div class='comment'><p>{remark} ({number})</p></div>" for number in range(8))
    article = read_html(page(after=f"<section id='comments'>{comments}</section>"))
    assert article.paragraphs == PARAGRAPHS


def test_a_second_article_below_the_first_is_left_out() -> None:
    other = "The bakery on Finch Lane has closed after sixty years because nobody wanted to rise at two in the morning."
    second = f"<article><h1 class='head'>Bakery closes</h1><p>{other}</p><p>{other}</p></article>"
    first = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    html = f"<body><div><article><h1 class='head'>{TITLE}</h1>{first}</article>{second}</div></body>"
    assert read_html(html).paragraphs == PARAGRAPHS


def test_an_article_in_boxes_that_are_all_named_sidebar_is_still_found() -> None:
    boxes = "".join(f"<div class='sidebar-grid'><p>{paragraph}</p></div>" for paragraph in PARAGRAPHS)
    assert read_html(f"<body><h1>{TITLE}</h1>{boxes}</body>").paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    "sentence",
    [
        "시의회는 화요일 밤 긴 토론 끝에 폭풍으로 무너진 항구 방파제를 다시 쌓기로 결정했다고 서기가 밝혔다.",
        "町議会は火曜日の夜、嵐で壊れた港の防波堤を建て直すことを長い議論の末に決めたと書記が明らかにした。",
        "صوت مجلس البلدة مساء الثلاثاء على إعادة بناء جدار الميناء الذي حطمته عاصفة في شهر مارس الماضي بعد نقاش طويل.",
        "नगर परिषद ने मंगलवार की रात लंबी बहस के बाद तूफान में टूटी बंदरगाह की दीवार को फिर से बनाने का फैसला किया।",
        "สภาเมืองลงมติเมื่อคืนวันอังคารให้สร้างกำแพงท่าเรือที่พังเพราะพายุขึ้นใหม่หลังจากถกเถียงกันนานหลายชั่วโมง",
        "Городской совет во вторник вечером решил восстановить портовую стену, которую в марте разрушил шторм.",
    ],
)
def test_every_script_is_read(sentence: str) -> None:
    paragraphs = tuple(f"{sentence} {number}" for number in range(4))
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    assert read_html(page(body=body)).paragraphs == paragraphs


@pytest.mark.parametrize(
    "html",
    ["", "   \n", "<html><body></body></html>", "<html><body><nav><a href='/'>Home</a></nav></body></html>", "no tags"],
)
def test_a_page_without_article_text_is_refused_with_a_reason(html: str) -> None:
    with pytest.raises(BadArticle, match=r"empty|no HTML|without article text"):
        read_html(html)
