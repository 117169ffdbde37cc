"""What the pages say, asked without a browser."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest

from bot.model import Destination, Post, PostState
from bot.platforms.web.house import Probes
from bot.platforms.web.server import WebPlatform
from bot.storage.archive import open_archive
from tests.platforms.web.conftest import TOKEN, Page, serve
from tests.platforms.web.town import BRIDGE, SALE, add_articles, tell

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
