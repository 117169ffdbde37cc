"""Feeds become files of the watched folder: each article once, changed ones again, and the reader reads them."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

from aiohttp import web

from bot.articles.sandbox import Sandbox
from tests.fetching.papers import PARAGRAPH, Desk, Papers, item, page, rss


async def test_a_teaser_brings_its_page_and_the_reader_knows_where_it_is_from(papers: Papers, desk: Desk) -> None:
    link = papers.serve("news/ferry-sails.html", page())
    date = "Mon, 04 May 2026 06:30:00 +0200"
    report = await desk.look(papers.serve("feed", rss(item(f"{link}?utm_source=rss", date=date))))
    assert (report.works, report.written, report.sentence) == (True, 1, "1 new, 0 changed, 1 entry in all")
    [file] = desk.files
    assert file.parent.name == "paper.example"
    assert file.name.startswith("ferry-sails-")
    assert file.suffix == ".html"
    async with Sandbox() as reader:
        [article] = await reader.read(file.read_bytes(), path=file.name)
    assert article.title == "Ferry sails more often"
    assert article.url == f"{link}?utm_source=rss"
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2026-05-04T06:30:00+02:00"
    assert "12 crowns" in article.body


async def test_an_entry_with_its_whole_text_is_written_without_asking_for_its_page(papers: Papers, desk: Desk) -> None:
    text = f"<p>{PARAGRAPH}</p>" * 8
    entry = item("/news/whole", text=text, title="Whole &amp; full")
    await desk.look(papers.serve("feed", rss(entry)))
    assert papers.hits["news/whole"] == 0
    [file] = desk.files
    stated = json.loads(file.read_text())
    assert stated["url"] == papers.url("news/whole")
    assert stated["source"] == "The Oldport Courier"
    async with Sandbox() as reader:
        [article] = await reader.read(file.read_bytes(), path=file.name)
    assert (article.title, article.url) == ("Whole & full", papers.url("news/whole"))
    assert "<p>" not in article.body


async def test_the_same_item_is_not_fetched_or_written_twice(papers: Papers, desk: Desk) -> None:
    link = papers.serve("a", page())
    feed = papers.serve("feed", rss(item(link)))
    await desk.look(feed)
    before = [(file, file.stat().st_mtime_ns) for file in desk.files]
    report = await desk.look(feed)
    assert (report.works, report.written) == (True, 0)
    assert papers.hits["a"] == 1
    assert [(file, file.stat().st_mtime_ns) for file in desk.files] == before


async def test_two_feeds_of_one_host_write_an_article_once(papers: Papers, desk: Desk) -> None:
    link = papers.serve("a", page())
    await desk.fetch(papers.serve("one", rss(item(link))), papers.serve("two", rss(item(f"{link}?utm_medium=x"))))
    assert len(desk.files) == 1


async def test_without_its_memory_the_same_names_are_written_again(papers: Papers, desk: Desk) -> None:
    link = papers.serve("a", page())
    feed = papers.serve("feed", rss(item(link)))
    await desk.look(feed)
    names = desk.files
    desk.memory.forget_all_but(set())
    report = await desk.look(feed)
    assert report.written == 0
    assert desk.files == names


async def test_a_changed_item_replaces_its_file(papers: Papers, desk: Desk) -> None:
    link = papers.serve("a", page("Ferry sails"))
    feed = papers.serve("feed", rss(item(link, title="Ferry sails")))
    await desk.look(feed)
    papers.serve("a", page("Ferry stays"))
    papers.serve("feed", rss(item(link, title="Ferry stays")))
    report = await desk.look(feed)
    assert report.sentence == "0 new, 1 changed, 1 entry in all"
    [file] = desk.files
    assert "Ferry stays" in file.read_text()


async def test_a_teaser_that_became_a_whole_text_leaves_one_file(papers: Papers, desk: Desk) -> None:
    link = papers.serve("a", page())
    feed = papers.serve("feed", rss(item(link)))
    await desk.look(feed)
    papers.serve("feed", rss(item(link, text=f"<p>{PARAGRAPH}</p>" * 8)))
    await desk.look(feed)
    assert [file.suffix for file in desk.files] == [".json"]


async def test_what_has_not_changed_is_not_sent_again(papers: Papers, desk: Desk) -> None:
    link = papers.serve("a", page())
    seen: list[tuple[str | None, str | None]] = []

    async def feed(request: web.Request) -> web.StreamResponse:
        headers = request.headers
        seen.append((headers.get("If-None-Match"), headers.get("If-Modified-Since")))
        if headers.get("If-None-Match") == '"v1"':
            return web.Response(status=304)
        stated = {"ETag": '"v1"', "Last-Modified": "Mon, 04 May 2026 06:00:00 GMT"}
        return web.Response(text=rss(item(link)), content_type="application/rss+xml", headers=stated)

    papers.handlers["feed"] = feed
    await desk.look(papers.url("feed"))
    report = await desk.look(papers.url("feed"))
    assert report.sentence == "has not changed since the last look"
    assert seen == [(None, None), ('"v1"', "Mon, 04 May 2026 06:00:00 GMT")]


async def test_a_page_that_can_not_be_had_gives_way_to_the_feeds_own_words(papers: Papers, desk: Desk) -> None:
    papers.serve("shut", "closed", status=403)
    teaser = "The council of Oldport has closed its archive to the press, a spokeswoman said on Monday morning."
    report = await desk.look(papers.serve("feed", rss(item(papers.url("shut"), text=teaser))))
    assert report.written == 1
    assert "answered 403 (forbidden)" in report.sentence
    [file] = desk.files
    assert file.suffix == ".json"


async def test_a_page_that_fails_for_now_is_tried_again_and_then_given_up(papers: Papers, desk: Desk) -> None:
    papers.serve("a", "busy", status=503)
    teaser = "The council of Oldport has closed its archive to the press, a spokeswoman said on Monday morning."
    feed = papers.serve("feed", rss(item(papers.url("a"), text=teaser)), ETag='"v1"')
    for _ in range(3):
        report = await desk.look(feed)
        assert report.written == 0
        assert "1 left for the next look" in report.sentence
    report = await desk.look(feed)
    assert report.written == 1
    assert papers.hits["a"] == 3


async def test_relative_links_and_zipped_feeds_are_understood(papers: Papers, desk: Desk) -> None:
    papers.serve("news/a.html", page())
    zipped = gzip.compress(rss(item("/news/a.html")).encode())
    report = await desk.look(papers.serve("feed", zipped, Content_Encoding="gzip"))
    assert report.written == 1


async def test_a_page_can_not_pass_itself_off_as_the_article_of_another_site(papers: Papers, desk: Desk) -> None:
    forged = page().replace("</title>", '</title><link rel="canonical" href="https://courier.example/real">')
    await desk.look(papers.serve("feed", rss(item(papers.serve("a", forged)))))
    [file] = desk.files
    async with Sandbox() as reader:
        [article] = await reader.read(file.read_bytes(), path=file.name)
    assert article.url == papers.url("a")


async def test_a_page_in_another_charset_keeps_its_letters(papers: Papers, desk: Desk) -> None:
    korean = page("새 다리가 열렸다").replace("Trip number", "올드포트 시는 월요일에 새 다리를 열었다고 밝혔다")
    link = papers.serve("a", korean.encode("euc-kr"), Content_Type="text/html; charset=euc-kr")
    await desk.look(papers.serve("feed", rss(item(link))))
    [file] = desk.files
    async with Sandbox() as reader:
        [article] = await reader.read(file.read_bytes(), path=file.name)
    assert "새 다리를 열었다고 밝혔다" in article.body


async def test_addresses_inside_an_article_are_never_asked(papers: Papers, desk: Desk) -> None:
    inside = f'<img src="{papers.url("pixel")}"><a href="{papers.url("next")}">more</a>'
    link = papers.serve("a", page().replace("<nav>", f"<nav>{inside}"))
    entry = item(link, text=f"Short. {inside}")
    await desk.look(papers.serve("feed", rss(entry)))
    assert set(papers.hits) == {"feed", "robots.txt", "a"}


async def test_a_feed_of_many_items_is_taken_in_several_looks(papers: Papers, desk: Desk) -> None:
    text = f"<p>{PARAGRAPH}</p>" * 8
    feed = papers.serve("feed", rss(*(item(f"/a/{number}", text=text) for number in range(70))), ETag='"v1"')
    report = await desk.look(feed)
    assert (report.written, "20 left for the next look" in report.sentence) == (50, True)
    assert (await desk.look(feed)).written == 20


async def test_an_item_dated_in_the_future_comes_without_its_date(papers: Papers, desk: Desk) -> None:
    entry = item("/a", text=f"<p>{PARAGRAPH}</p>" * 8, date="Fri, 01 Jan 2099 00:00:00 GMT")
    await desk.look(papers.serve("feed", rss(entry)))
    [file] = desk.files
    assert "2099" not in file.read_text()


async def test_a_feed_is_due_again_after_its_time_and_sooner_by_hand(papers: Papers, desk: Desk) -> None:
    feed = papers.serve("feed", rss(item("/a", text=f"<p>{PARAGRAPH}</p>" * 8)))
    assert len(await desk.fetch(feed, due_only=True)) == 1
    assert await desk.fetch(feed, due_only=True) == []
    assert len(await desk.fetch(feed)) == 1
    desk.clock.at += timedelta(minutes=31)
    assert len(await desk.fetch(feed, due_only=True)) == 1


async def test_the_user_agent_names_the_program_and_whom_to_ask(papers: Papers, desk: Desk) -> None:
    desk.options["contact"] = "desk@paper.example"
    await desk.look(papers.serve("feed", rss(item("/a", text=f"<p>{PARAGRAPH}</p>" * 8))))
    assert papers.seen[0].headers["User-Agent"] == "newsbot/test (news digests from feeds; +desk@paper.example)"
    assert "Cookie" not in papers.seen[0].headers
