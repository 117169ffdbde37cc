"""What the pages say, asked without a browser."""

from __future__ import annotations

import asyncio
import io
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape

import aiohttp
import feedparser
import pytest

from bot.courtesy import is_quiet
from bot.model import Destination, Post, PostState
from bot.platforms.web.house import Probes
from bot.platforms.web.server import WebPlatform
from bot.ports import FeedReport
from bot.storage.archive import SqlArchive, open_archive
from tests.platforms.web.conftest import TOKEN, Page, serve
from tests.platforms.web.town import BRIDGE, FIRE, FIRE_ELSEWHERE, SALE, add_articles, tell

ARTICLE_LINE = "The mayor of Oldport opened the new bridge over the Arvel on Monday after three years of work."


async def text_of(page: Page, path: str, *, status: int = 200, **options: object) -> str:
    async with page.client.get(path, **options) as answer:  # type: ignore[arg-type]
        assert answer.status == status, await answer.text()
        return await answer.text()


async def test_the_first_page_shows_the_newest_digest_and_what_came_in_since(page: Page) -> None:
    html = await text_of(page, "/")
    assert "Oldport opens its new bridge over the Arvel" in html
    assert "The latest digest" in html
    assert "Thu 5 Mar 2026, 08:00 UTC" in html
    since = html[html.index("Came in since") :]
    assert "A storm closes the harbour of Oldport" in since
    assert "Oldport opens its new bridge" not in since


async def test_a_digest_of_today_is_called_todays(page: Page) -> None:
    await tell(page.archive, page.clock.now())
    html = await text_of(page, "/")
    assert "Today’s digest" in html
    assert "A storm closes the harbour of Oldport" in html


async def test_an_empty_archive_says_what_to_do(page: Page) -> None:
    async with open_archive("sqlite:///:memory:") as empty:
        async for bare in serve(empty):
            assert "No digest has been told yet. Drop articles" in await text_of(bare, "/")
            assert "No digest was told yet" in await text_of(bare, "/archive")


async def test_each_line_of_a_digest_leads_to_the_sentence_that_proves_it(page: Page) -> None:
    html = await text_of(page, "/digest/1")
    address = html.split('class="evidence" href="')[1].split('"')[0]
    path, _, sentence = address.partition("#")
    article = await text_of(page, path)
    assert f'id="{sentence}"' in article


async def test_the_archive_lists_past_digests_by_date_and_by_topic(page: Page) -> None:
    await tell(page.archive, datetime(2026, 3, 6, 8, tzinfo=UTC))
    everything = await text_of(page, "/archive")
    assert everything.index("Fri 6 Mar 2026") < everything.index("Thu 5 Mar 2026")
    until = await text_of(page, "/archive?on=2026-03-05")
    assert "Fri 6 Mar 2026" not in until
    about = await text_of(page, "/archive?topic=storm")
    assert "A storm closes the harbour" in about
    assert "Bakers in Lindau" not in about
    assert "A date is written like 2026-05-03" in await text_of(page, "/archive?on=tomorrow", status=400)


async def test_digests_of_other_workspaces_are_not_shown(page: Page) -> None:
    await tell(page.archive, datetime(2026, 3, 7, 8, tzinfo=UTC), destination="discord:123:456")
    assert "Sat 7 Mar 2026" not in await text_of(page, "/archive")
    await text_of(page, "/digest/2", status=404)


async def test_an_article_page_shows_its_text_its_proof_and_what_was_taken_out(page: Page) -> None:
    html = await text_of(page, "/article/1")
    assert ARTICLE_LINE in html
    assert "Share this article" in html[html.index('id="removed"') :]
    assert 'data-by="1"' in html


async def test_the_number_of_an_earlier_version_leads_to_the_present_one(page: Page) -> None:
    await add_articles(page.archive, {"bridge.txt": BRIDGE.replace("3.4 million", "3.9 million")})
    async with page.client.get("/article/1", allow_redirects=False) as answer:
        assert answer.status == 302
        assert answer.headers["Location"] == "/article/5"
    assert "3.9 million" in await text_of(page, "/article/1")


async def test_a_story_page_shows_its_lines_and_articles(page: Page) -> None:
    (bridge,) = await page.archive.articles_between(0, 1)
    story_id = (await page.archive.placements([bridge.id]))[bridge.id].event
    html = await text_of(page, f"/story/{story_id}")
    assert "opened the new bridge" in html
    assert "The Oldport Courier" in html


async def test_what_happened_when_is_drawn_as_a_picture_and_listed_with_its_sentences(page: Page) -> None:
    html = await text_of(page, "/timeline?topic=school+Eddingholm")
    picture = html[html.index("<svg") : html.index("</svg>")]
    listed = html[html.index("</svg>") :]
    numbers = re.findall(r"<text[^>]*>(\d+)</text>", picture)
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert len(numbers) >= 2
    assert "Aug 2028" in picture + listed
    assert "planned" in listed
    path, _, sentence = re.findall(r'href="(/article/[^"]+)"', listed)[-1].partition("#")
    assert f'id="{sentence}"' in await text_of(page, path)


async def story_of_fire(page: Page) -> str:
    """Put two papers' articles about one fire into the archive; return the address of its story."""
    fire, elsewhere = await add_articles(page.archive, {"fire.txt": FIRE, "elsewhere.txt": FIRE_ELSEWHERE})
    placed = await page.archive.placements([fire.id, elsewhere.id])
    assert placed[fire.id].event == placed[elsewhere.id].event
    return f"/story/{placed[fire.id].event}"


async def test_a_story_page_shows_where_sources_disagree_side_by_side_each_with_its_sentence(page: Page) -> None:
    html = await text_of(page, await story_of_fire(page))
    sides = html.split("Where sources disagree")[1].split("</section>")[0].split('<figure class="side">')[1:]
    assert len(sides) == 2
    for value, said, source in (
        ("12", "injured 12 people on Saturday", "The Oldport Courier"),
        ("17", "injured 17 people on Saturday", "The Eddingholm Herald"),
    ):
        (side,) = [one for one in sides if value in one.split('class="value"')[1].split("</p>")[0]]
        assert said in side.split("<blockquote")[1].split("</blockquote>")[0]
        assert source in side.split("<figcaption>")[1]
        path, _, sentence = side.split('<a href="')[1].split('"')[0].partition("#")
        article = await text_of(page, path)
        assert said in article[article.index(f'id="{sentence}"') :].split("</span>")[0]


async def test_a_story_page_names_an_article_without_a_title_by_its_headline(page: Page) -> None:
    [untitled] = await add_articles(page.archive, {"notes.txt": SALE.partition("\n\n")[2]}, title=None)
    headline = (await page.archive.summaries_of([untitled]))[untitled.id].headline
    story = (await page.archive.placements([untitled.id]))[untitled.id].event
    html = await text_of(page, f"/story/{story}")
    assert f'<a href="/article/{untitled.ingested_seq}">{escape(headline)}</a>' in html


async def test_search_finds_the_best_article_first_and_links_its_sentence(page: Page) -> None:
    html = await text_of(page, "/search?q=night+work")
    hits = html[html.index('class="hits"') :]
    assert "Bakers in Lindau strike over night work" in hits
    assert "#s" in hits.split('href="')[1].split('"')[0]
    assert "Nothing I have read matches this" in await text_of(page, "/search?q=zeppelin")


async def test_what_a_private_collection_holds_is_on_no_page(page: Page) -> None:
    await add_articles(page.archive, {"board/sale.txt": SALE}, collection="board")
    await tell(page.archive, datetime(2026, 3, 8, 8, tzinfo=UTC))
    seen = await text_of(page, "/digest/2")
    assert "The board sells the ferry Alma" in seen
    async for other in serve(page.archive, services={"collections": ("",)}):
        for path in (
            "/",
            "/digest/2",
            "/archive",
            "/archive?topic=ferry",
            "/search?q=Alma",
            "/feed.atom",
            "/feed.json",
            "/timeline?topic=Alma",
        ):
            assert "board sells" not in await text_of(other, path), path
        assert "board sells" not in await text_of(other, "/article/5", status=404)


async def test_the_status_shows_posts_that_wait_for_a_person_and_carries_out_the_decision(page: Page) -> None:
    parked = Post(
        id="p1",
        destination=Destination(platform="discord", workspace="1", channel="22"),
        batch="b",
        part=1,
        parts=1,
        payload="{}",
        marker="ab12cd34ef",
        nonce="n",
        state=PostState.PENDING,
    )
    await page.archive.enqueue([parked])
    await page.archive.update(replace(parked, state=PostState.PARKED, reason="time-out"), expected=PostState.PENDING)
    html = await text_of(page, "/status")
    assert "ab12cd34ef" in html
    assert "time-out" in html
    form = {"post": "p1", "decision": "settled"}
    async with page.client.post("/status/decide", data=form, headers=page.own) as answer:
        assert "ab12cd34ef counts as posted" in await answer.text()
    found = await page.archive.post("p1")
    assert found is not None
    assert found.state is PostState.SENT
    async with page.client.post("/status/decide", data=form, headers=page.own) as answer:
        assert answer.status == 404
        assert "not parked any more" in await answer.text()


@dataclass(frozen=True)
class TwoFeeds:
    """A feed that works and one that does not, whose address holds its owner's key."""

    async def feed_reports(self) -> list[FeedReport]:
        seen = datetime(2026, 3, 5, 7, 30, tzinfo=UTC)
        return [
            FeedReport(url="https://paper.example/rss", works=True, sentence="had 2 new entries", looked_at=seen),
            FeedReport(
                url="https://herald.example/rss?key=5ec4e7",
                works=False,
                sentence="answered 404 (not found)",
                looked_at=seen,
                next_at=datetime(2026, 3, 5, 9, 30, tzinfo=UTC),
            ),
        ]


async def test_the_status_tells_of_the_feeds_to_whoever_runs_the_bot_alone(page: Page) -> None:
    async for other in serve(page.archive, services={"feeds": TwoFeeds()}):
        html = await text_of(other, "/status")
        feeds = html[html.index('<h2 id="feeds">') :].split("</section>")[0]
        assert "2 feeds, of which 1 work; the last look was on Thu 5 Mar 2026, 07:30 UTC." in feeds
        assert "https://herald.example/rss?key=5ec4e7" in feeds
        assert "answered 404 (not found); next look on Thu 5 Mar 2026, 09:30 UTC" in feeds
    assert 'id="feeds"' not in await text_of(page, "/status")
    async for other in serve(page.archive, token=TOKEN, services={"feeds": TwoFeeds()}):
        key = other.house.sessions.key_of("/status")
        shared = await text_of(other, f"/status?key={key}")
        assert "5ec4e7" not in shared


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/article/9999", "/article/x", "/digest/77", "/story/e00", "/static/../server.py", "/static/nope.css"],
)
async def test_an_unknown_address_gets_a_clear_page(page: Page, path: str) -> None:
    html = await text_of(page, path, status=404)
    assert "<h1>" in html


async def test_a_form_of_ten_megabytes_gets_a_clear_page(page: Page) -> None:
    form = io.BytesIO(b"text=" + b"x" * 10_000_000)
    headers = {**page.own, "Content-Type": "application/x-www-form-urlencoded"}
    async with page.client.post("/chat", data=form, headers=headers) as answer:
        assert answer.status == 413
        assert "That was more than 64 kB" in await answer.text()


async def test_feeds_are_valid_whatever_articles_hold(page: Page) -> None:
    odd = BRIDGE.replace("Oldport opens its new bridge", "Odd \x08\x0c\ufffe & <b>bold</b> \u202e bridge")
    await add_articles(page.archive, {"odd.txt": odd})
    await tell(page.archive, datetime(2026, 3, 9, 8, tzinfo=UTC))
    atom = await text_of(page, "/feed.atom")
    parsed = feedparser.parse(atom)
    assert not parsed.bozo
    assert [entry.published for entry in parsed.entries][-1].startswith("2026-03-05T08:00:00")
    assert len({entry.id for entry in parsed.entries}) == 2
    assert "<b>bold</b>" not in atom
    feed = json.loads(await text_of(page, "/feed.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["id"] for item in feed["items"]] == [entry.id for entry in parsed.entries]
    assert "<b>" not in json.dumps([item["content_html"] for item in feed["items"]])


async def test_ids_in_feeds_do_not_hang_on_the_address(page: Page) -> None:
    ids = [item["id"] for item in json.loads(await text_of(page, "/feed.json"))["items"]]
    async for other in serve(page.archive, allowed_hosts=()):
        assert [item["id"] for item in json.loads(await text_of(other, "/feed.json"))["items"]] == ids


async def test_with_a_login_the_links_to_the_feeds_hold_keys_that_open_them(guarded: Page) -> None:
    form = {"token": TOKEN}
    async with guarded.client.post("/login", data=form, headers=guarded.own) as answer:
        html = await answer.text()
    links = re.findall(r'<(?:a|link) [^>]*href="(/feed\.[^"]+)"', html)
    assert [link.partition("?")[0] for link in links] == ["/feed.atom", "/feed.json"] * 2
    async with aiohttp.ClientSession(guarded.base) as reader:
        for link in links:
            async with reader.get(link) as answer:
                assert answer.status == 200, link
                assert "Oldport opens its new bridge" in await answer.text()
        # A friend with a shared article gets no key to all the rest, and neither does the login.
        shared = f"/article/1?key={guarded.house.sessions.key_of('/article/1')}"
        for path, status in ((shared, 200), ("/", 401)):
            async with reader.get(path) as answer:
                assert answer.status == status
                assert "/feed." not in await answer.text()


@pytest.mark.parametrize("path", ["/card.png", "/card/digest/1.png", "/card/article/1.png"])
async def test_a_shared_link_has_a_picture_of_the_right_size(page: Page, path: str) -> None:
    async with page.client.get(path) as answer:
        assert answer.content_type == "image/png"
        image = await answer.read()
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(image[16:20]), int.from_bytes(image[20:24])) == (1200, 630)


async def test_probes_answer_by_any_name_and_figures_come_from_whoever_keeps_them(page: Page) -> None:
    async def metrics() -> bytes:
        return b"newsbot_articles 4\n"

    async def ready() -> str | None:
        return "the disk of /data is full"

    assert await text_of(page, "/live", headers={"Host": "10.1.2.3:8080"}) == "live\n"
    assert await text_of(page, "/ready") == "ready\n"
    await text_of(page, "/metrics", status=404)
    async for other in serve(page.archive, token=TOKEN, probes=Probes(metrics=metrics, ready=ready)):
        assert await text_of(other, "/ready", status=503) == "not ready\n"
        await text_of(other, "/metrics", status=401)
        await text_of(other, "/metrics", status=401, headers={"Authorization": "Bearer wrong"})
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        assert await text_of(other, "/metrics", headers=bearer) == "newsbot_articles 4\n"


async def test_pages_ask_not_to_be_indexed(page: Page) -> None:
    assert "Disallow: /" in await text_of(page, "/robots.txt")
    async with page.client.get("/") as answer:
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


async def test_a_port_in_use_is_said_and_the_page_comes_once_it_is_free(
    page: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = asyncio.Event()
    second = asyncio.create_task(WebPlatform(replace(page.house)).run(stop))
    async with asyncio.timeout(5):
        while "is in use by another program" not in (seen := capsys.readouterr().out):  # noqa: ASYNC110 - a log has no event
            await asyncio.sleep(0.05)
    assert "NEWSBOT_WEB__PORT" in seen
    stop.set()
    async with asyncio.timeout(5):
        await second


async def test_reading_stands_aside_for_a_page_and_not_for_an_open_stream(archive: SqlArchive) -> None:
    seen: list[bool] = []

    async def figures() -> bytes:
        seen.append(is_quiet())
        return b""

    async for page in serve(archive, probes=Probes(metrics=figures)):
        async with page.client.get("/metrics") as answer:
            assert answer.status == 200
        async with page.client.get("/chat") as answer:
            after = (await answer.text()).split('data-after="')[1].split('"')[0]
        async with page.client.get("/chat/events", params={"after": after}) as stream:
            assert stream.status == 200
            seen.append(is_quiet())
    assert seen == [False, True]
