"""Feeds that are huge, slow, broken, gone or no feeds at all: one clear line each, and the others go on."""

from __future__ import annotations

import asyncio
import gzip
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from aiohttp import web

from tests.fetching.papers import PARAGRAPH, Desk, Papers, item, page, rss

pytestmark = pytest.mark.fault("broken feeds")

WHOLE = f"<p>{PARAGRAPH}</p>" * 8


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (page(), 200, "is a web page, not a feed: give the address of the feed itself"),
        ("", 200, "is empty"),
        ("hello", 200, "is neither an RSS nor an Atom feed"),
        ('<?xml version="1.0"?><note>hi</note>', 200, "is XML, but neither an RSS nor an Atom feed"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>', 200, "defines XML entities"),
        ("no", 404, "answered 404 (not found)"),
        ("no", 410, "answered 410 (gone)"),
        ("no", 500, "answered 500 (internal server error)"),
        ("no", 429, "answered 429 (too many requests)"),
    ],
)
async def test_what_is_no_feed_is_told_in_one_line(
    body: str, status: int, said: str, papers: Papers, desk: Desk
) -> None:
    report = await desk.look(papers.serve("feed", body, status=status))
    assert not report.works
    assert said in report.sentence
    assert desk.files == []


async def test_a_feed_without_entries_works_and_says_so(papers: Papers, desk: Desk) -> None:
    report = await desk.look(papers.serve("feed", rss()))
    assert (report.works, report.sentence) == (True, "has no entries at the moment")


async def test_broken_xml_is_read_as_far_as_it_goes(papers: Papers, desk: Desk) -> None:
    broken = rss(item("/a", text=WHOLE)).replace("</channel></rss>", "<item><title>cut")
    report = await desk.look(papers.serve("feed", broken))
    assert report.written == 1


async def test_a_feed_that_is_too_large_is_left_at_its_limit(papers: Papers, desk: Desk) -> None:
    report = await desk.look(papers.serve("feed", rss() + " " * 11_000_000))
    assert report.sentence == "is larger than 10 MB"


async def test_a_feed_that_unpacks_to_gigabytes_is_left_at_its_limit(papers: Papers, desk: Desk) -> None:
    bomb = gzip.compress(bytes(400_000_000), 9)
    began = time.monotonic()
    report = await desk.look(papers.serve("feed", bomb, Content_Encoding="gzip"))
    assert report.sentence == "is larger than 10 MB"
    assert time.monotonic() - began < 2


async def test_a_packing_that_was_not_asked_for_is_refused(papers: Papers, desk: Desk) -> None:
    report = await desk.look(papers.serve("feed", b"whatever", Content_Encoding="br"))
    assert report.sentence == "is packed in a way that was not asked for (br)"


async def test_a_feed_that_drips_is_left_after_its_time(papers: Papers, desk: Desk) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(1_000):
            await response.write(b" ")
            await asyncio.sleep(0.05)
        return response

    papers.handlers["feed"] = drip
    report = await desk.look(papers.url("feed"))
    assert report.sentence == "took more than 2 s"


async def test_a_feed_that_breaks_off_is_told_so(papers: Papers, desk: Desk) -> None:
    async def cut(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "5000"})
        await response.prepare(request)
        await response.write(b"<rss")
        assert request.transport is not None
        request.transport.close()
        return response

    papers.handlers["feed"] = cut
    report = await desk.look(papers.url("feed"))
    assert report.sentence == "broke off in the middle"


async def test_redirects_without_end_are_left(papers: Papers, desk: Desk) -> None:
    papers.serve("feed", "", status=302, Location="/feed")
    report = await desk.look(papers.url("feed"))
    assert report.sentence == "redirects more than 5 times"
    assert papers.hits["feed"] == 6


async def test_a_feed_that_moved_for_good_is_read_and_its_new_address_told(papers: Papers, desk: Desk) -> None:
    papers.serve("new", rss(item("/a", text=WHOLE)))
    papers.serve("old", "", status=301, Location="/new")
    report = await desk.look(papers.url("old"))
    assert report.written == 1
    assert f"it has moved to {papers.url('new')}: change it in your list" in report.sentence


async def test_one_failing_feed_costs_the_others_nothing(papers: Papers, desk: Desk) -> None:
    good = papers.serve("good", rss(item("/a", text=WHOLE)))
    reports = await desk.fetch(papers.serve("bad", "x", status=500), good, "not an address", "ftp://paper.example/x")
    assert [report.works for report in reports] == [False, True, False, False]


async def test_each_failure_doubles_the_pause_up_to_a_day(papers: Papers, desk: Desk) -> None:
    feed = papers.serve("feed", "x", status=500)
    pauses = []
    for _ in range(8):
        report = await desk.look(feed)
        assert report.next_at is not None
        pauses.append(report.next_at - desk.clock.at)
    assert pauses[0] == timedelta(hours=1)
    assert pauses[1] == timedelta(hours=2)
    assert pauses[-1] == timedelta(days=1)
    papers.serve("feed", rss())
    report = await desk.look(feed)
    assert report.next_at == desk.clock.at + timedelta(minutes=30)


async def test_a_server_that_asks_for_peace_is_not_asked_before_its_time_by_anybody(papers: Papers, desk: Desk) -> None:
    feed = papers.serve("feed", "x", status=429, Retry_After="7200")
    await desk.look(feed)
    desk.clock.at += timedelta(minutes=119)
    report = await desk.look(feed)
    assert "it is asked again when its server allows it" in report.sentence
    assert papers.hits["feed"] == 1
    desk.clock.at += timedelta(minutes=2)
    await desk.look(feed)
    assert papers.hits["feed"] == 2


async def test_a_feed_that_is_gone_is_asked_by_hand_only(papers: Papers, desk: Desk) -> None:
    feed = papers.serve("feed", "x", status=410)
    report = await desk.look(feed)
    assert report.next_at is None
    desk.clock.at += timedelta(days=30)
    assert await desk.fetch(feed, due_only=True) == []
    papers.serve("feed", rss())
    assert (await desk.look(feed)).works


async def test_a_podcast_is_not_taken_for_a_page(papers: Papers, desk: Desk) -> None:
    link = papers.serve("episode.mp3", b"ID3", Content_Type="audio/mpeg")
    report = await desk.look(papers.serve("feed", rss(item(link))))
    assert report.written == 0
    assert "is audio/mpeg, not a web page" in report.sentence


async def test_pages_that_robots_txt_closes_are_not_fetched(papers: Papers, desk: Desk) -> None:
    papers.serve("robots.txt", "User-agent: *\nDisallow: /closed/\n", Content_Type="text/plain")
    closed, opened = papers.serve("closed/a", page()), papers.serve("open/a", page())
    report = await desk.look(papers.serve("feed", rss(item(closed), item(opened))))
    assert report.written == 1
    assert "is closed to programs by its site's robots.txt" in report.sentence
    assert (papers.hits["closed/a"], papers.hits["robots.txt"]) == (0, 1)


async def test_one_host_is_asked_one_thing_at_a_time_with_a_pause(papers: Papers, desk: Desk) -> None:
    desk.options["pause_s"] = 0.2
    busy, most, began = 0, 0, []

    async def slow(_: web.Request) -> web.StreamResponse:
        nonlocal busy, most
        began.append(time.monotonic())
        busy += 1
        most = max(most, busy)
        await asyncio.sleep(0.05)
        busy -= 1
        return web.Response(text=rss(), content_type="application/rss+xml")

    for name in ("a", "b", "c"):
        papers.handlers[name] = slow
    await desk.fetch(*(papers.url(name) for name in ("a", "b", "c")))
    assert most == 1
    assert min(later - sooner for sooner, later in pairwise(began)) >= 0.2


async def test_a_folder_that_can_not_be_written_is_told_and_nothing_counts_as_seen(papers: Papers, desk: Desk) -> None:
    feed = papers.serve("feed", rss(item("/a", text=WHOLE)))
    desk.folder.parent.mkdir(parents=True)
    desk.folder.write_text("a file in the way")
    report = await desk.look(feed)
    assert "can't be written" in report.sentence
    desk.folder.unlink()
    assert (await desk.look(feed)).written == 1
