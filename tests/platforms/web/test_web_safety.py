"""Who gets in, from where, and what hostile texts, names and forms achieve: nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.platforms.web.access import Access, is_our_host, why_not_serve
from bot.platforms.web.server import WebPlatform
from bot.platforms.web.sessions import SIGNED_IN_FOR
from tests.platforms.web.conftest import KEY, TOKEN, Page
from tests.platforms.web.hostile_web import HOSTS, XSS
from tests.platforms.web.town import BRIDGE, add_articles, tell

pytestmark = pytest.mark.fault("hosts, forged requests, XSS on the page")

EVIL = "https://evil.example"
CSRF = (
    {},
    {"Origin": EVIL},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "{base}", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "{base}.evil.example"},
    {"Origin": "http://user@{host}"},
    {"Origin": "http://127.0.0.1"},
    {"Origin": "file://{host}"},
    {"Origin": "{base}/path"},
    {"Origin": EVIL, "Sec-Fetch-Site": "same-origin"},
    {"Referer": "{base}/chat"},
)
assert len(CSRF) >= 10
POSTS = ("/chat", "/chat/press", "/status/decide", "/login", "/logout", "/theme")


class LiveParts(HTMLParser):
    """Collects what a browser would run, load or follow."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "script" and not (values.get("src") or "").startswith("/static/script.js?"):
            self.found.append(f"script {values}")
        if tag in (
            "iframe",
            "object",
            "embed",
            "style",
            "base",
            "img",
            "video",
            "audio",
            "template",
            "math",
            "marquee",
        ):
            self.found.append(tag)
        for name, value in attributes:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"{tag} {name}")
            if name in ("href", "src", "action", "formaction") and not self._is_ours(tag, value or ""):
                self.found.append(f"{tag} {name}={value}")

    @staticmethod
    def _is_ours(tag: str, address: str) -> bool:
        parts = urlsplit(address)
        is_own_path = not parts.scheme and not parts.netloc
        return is_own_path or (tag == "a" and parts.scheme == "https" and parts.netloc == "paper.example")


def live_parts(html: str) -> list[str]:
    parser = LiveParts()
    parser.feed(html)
    return parser.found


@pytest.fixture
async def hostile(page: Page) -> Page:
    """The page over an archive in which every hostile text is headline, text and source of an article, and told."""
    for number, text in enumerate(XSS):
        flat = " ".join(text.split())
        body = BRIDGE.replace("Oldport opens its new bridge over the Arvel", f"{flat} bridge {number}").replace(
            "3.4", f"{number}.4"
        )
        body = body.replace("Nobody was hurt", f"{flat} Nobody was hurt in street {number}")
        changes = {
            "source": flat,
            "url": f"javascript:alert({number})" if number % 2 else "https://paper.example/a",
            "title": flat,
            "byline": (flat,),
            "deck": flat,
        }
        await add_articles(
            page.archive, {f"a{number}{flat[:20]}.txt".replace("/", "_").replace("\x00", ""): body}, **changes
        )
    await tell(page.archive, datetime(2026, 3, 9, 8, tzinfo=UTC))
    return page


async def test_hostile_articles_are_text_on_every_page(hostile: Page) -> None:
    paths = [
        "/",
        "/archive",
        "/digest/2",
        "/search?q=bridge",
        "/status",
        "/archive?topic=bridge",
        "/timeline?topic=bridge",
        "/chat",
    ]
    last = await hostile.archive.last_seq()
    articles = await hostile.archive.articles_between(0, last)
    stories = {place.event for place in (await hostile.archive.placements([one.id for one in articles])).values()}
    paths += [f"/article/{article.ingested_seq}" for article in articles] + [f"/story/{story}" for story in stories]
    assert len(articles) >= len(XSS)
    for path in paths:
        async with hostile.client.get(path) as answer:
            assert answer.status == 200, path
            assert live_parts(await answer.text()) == [], path


@pytest.mark.parametrize("text", XSS)
async def test_hostile_words_are_text_in_search_and_chat(page: Page, text: str) -> None:
    for path, name in (
        ("/search", "q"),
        ("/archive", "topic"),
        ("/timeline", "topic"),
        ("/chat", "ask"),
        ("/chat", "about"),
        ("/login", "next"),
        ("/archive", "on"),
    ):
        async with page.client.get(path, params={name: text}) as answer:
            assert live_parts(await answer.text()) == [], path
    async with page.client.post("/chat", data={"text": text}, headers=page.own) as answer:
        assert live_parts(await answer.text()) == []
    async with page.client.post("/chat/press", data={"action": text[:80], "label": text}, headers=page.own) as answer:
        assert live_parts(await answer.text()) == []


async def test_hostile_texts_stay_text_in_the_stream_of_the_chat(hostile: Page) -> None:
    async with hostile.client.get("/chat") as answer:
        after = (await answer.text()).split('data-after="')[1].split('"')[0]
    for command in (
        "/digest since:all",
        "/search bridge",
        "What did the bridge cost?",
        "/story #5",
        "/article #6 view:removed",
    ):
        async with hostile.client.post("/chat", data={"text": command}, headers=hostile.own) as answer:
            assert live_parts(await answer.text()) == []
    conversation = next(iter(hostile.house.conversations._by_channel.values()))
    pieces = [str(event.data["html"]) for event in conversation.after(after) if event.kind == "block"]
    assert len(pieces) > 10
    assert [live_parts(piece) for piece in pieces if live_parts(piece)] == []


@pytest.mark.parametrize("host", HOSTS)
async def test_another_host_name_is_refused(page: Page, host: str) -> None:
    assert not is_our_host([host], page.house.access)
    for path in ("/", "/chat", "/chat/events", "/status", "/metrics", "/feed.atom", "/static/script.js"):
        async with page.client.get(path, headers={"Host": host}) as answer:
            assert answer.status in (400, 421), (path, host)
            assert "Oldport" not in await answer.text()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST:9999", "[::1]:8080", "127.0.0.1:8080"])
def test_this_machines_own_names_are_served(host: str) -> None:
    assert is_our_host([host], Access(host="127.0.0.1", port=8080, key=KEY))


@pytest.mark.parametrize("headers", CSRF, ids=str)
async def test_forms_from_elsewhere_do_nothing(page: Page, headers: dict[str, str]) -> None:
    async with page.client.get("/chat") as answer:
        assert answer.status == 200
    host = urlsplit(page.base).netloc
    filled = {name: value.format(base=page.base, host=host) for name, value in headers.items()}
    for path in POSTS:
        form = {"text": "/help", "action": "vote:up:x", "theme": "dark", "token": TOKEN}
        async with page.client.post(path, data=form, headers=filled, allow_redirects=False) as answer:
            assert answer.status == 403, path
            assert "Set-Cookie" not in answer.headers
    async with page.client.get("/chat") as answer:
        assert 'class="asked"' not in await answer.text()


async def test_another_site_cannot_listen_to_the_chat(page: Page) -> None:
    async with page.client.get("/chat"):
        pass
    for headers in ({"Origin": EVIL}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        async with page.client.get("/chat/events", headers=headers) as answer:
            assert answer.status == 403


async def test_every_answer_forbids_what_we_do_not_use(page: Page) -> None:
    for path in ("/", "/nothing", "/chat", "/feed.atom", "/static/style.css", "/card.png", "/live", "/chat/commands"):
        async with page.client.get(path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'")
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert "aiohttp" not in answer.headers["Server"]


async def test_without_a_login_nothing_but_the_login_is_shown(guarded: Page) -> None:
    for path in (
        "/",
        "/archive",
        "/article/1",
        "/search?q=bridge",
        "/status",
        "/chat",
        "/chat/events",
        "/chat/commands",
        "/feed.atom",
        "/card/article/1.png",
        "/metrics",
        "/nothing",
    ):
        async with guarded.client.get(path) as answer:
            assert answer.status == 401, path
            assert "Oldport" not in await answer.text()
    for path in ("/chat", "/chat/press", "/status/decide", "/logout", "/theme"):
        async with guarded.client.post(path, data={"text": "/help"}, headers=guarded.own) as answer:
            assert answer.status == 401, path


async def sign_in(page: Page, token: str = TOKEN, **more: str) -> aiohttp.ClientResponse:
    form = {"token": token, **more}
    async with page.client.post("/login", data=form, headers=page.own, allow_redirects=False) as answer:
        await answer.read()
        return answer


async def test_the_token_opens_the_page_and_the_browser_goes_where_it_wanted_to(guarded: Page) -> None:
    answer = await sign_in(guarded, next="/archive?topic=bridge")
    assert (answer.status, answer.headers["Location"]) == (303, "/archive?topic=bridge")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    async with guarded.client.get("/") as page:
        assert "Oldport opens its new bridge" in await page.text()


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=y",
        "evil",
    ],
)
async def test_a_login_never_leads_to_another_site(guarded: Page, wanted: str) -> None:
    assert (await sign_in(guarded, next=wanted)).headers["Location"] == "/"


async def test_wrong_tokens_are_refused_and_slowed_down(guarded: Page) -> None:
    statuses = [(await sign_in(guarded, "guess")).status for _ in range(6)]
    assert statuses == [403, 403, 403, 403, 403, 429]
    blocked = await sign_in(guarded)
    assert blocked.status == 429
    assert int(blocked.headers["Retry-After"]) > 200
    guarded.clock.offset_s = 301
    assert (await sign_in(guarded)).status == 303


async def test_a_cookie_is_worth_nothing_after_signing_out_or_its_end_or_when_changed(guarded: Page) -> None:
    cookie = (await sign_in(guarded)).headers["Set-Cookie"].split(";")[0]
    async with guarded.client.post("/logout", headers=guarded.own, allow_redirects=False) as answer:
        assert answer.status == 303
    async with aiohttp.ClientSession(guarded.base) as thief, thief.get("/", headers={"Cookie": cookie}) as answer:
        assert answer.status == 401
        assert "Your session has ended" in await answer.text()
    fresh = (await sign_in(guarded)).headers["Set-Cookie"].split(";")[0]
    async with aiohttp.ClientSession(guarded.base) as other:
        async with other.get("/", headers={"Cookie": fresh}) as answer:
            assert answer.status == 200
        for forged in (
            fresh[:-1] + ("0" if fresh[-1] != "0" else "1"),
            fresh.replace(".s.", ".g."),
            re.sub(r"\.\d+\.", ".99999999999.", fresh),
        ):
            async with other.get("/", headers={"Cookie": forged}) as answer:
                assert answer.status == 401
        guarded.clock.offset_s = SIGNED_IN_FOR.total_seconds() + 1
        async with other.get("/", headers={"Cookie": fresh}) as answer:
            assert answer.status == 401


async def test_a_shared_link_opens_its_own_page_and_nothing_else(guarded: Page) -> None:
    await sign_in(guarded)
    async with guarded.client.get("/article/1") as answer:
        html = await answer.text()
    shared = urlsplit(html.split('property="og:url" content="')[1].split('"')[0].replace("&amp;", "&"))
    card = urlsplit(html.split('property="og:image" content="')[1].split('"')[0].replace("&amp;", "&"))
    async with aiohttp.ClientSession(guarded.base) as friend:
        async with friend.get(f"{shared.path}?{shared.query}") as answer:
            assert "Oldport opens its new bridge" in await answer.text()
            assert "Set-Cookie" not in answer.headers
        async with friend.get(f"{card.path}?{card.query}") as answer:
            assert answer.content_type == "image/png"
        for path in ("/article/2", "/", "/chat", "/status", "/feed.atom"):
            async with friend.get(f"{path}?{shared.query}") as answer:
                assert answer.status == 401, path
        async with friend.post(f"/chat?{shared.query}", data={"text": "/help"}, headers=guarded.own) as answer:
            assert answer.status == 401


async def test_a_link_from_elsewhere_is_loaded_once_more_so_that_the_strict_cookie_comes_along(guarded: Page) -> None:
    async with guarded.client.get("/article/1", headers={"Sec-Fetch-Site": "cross-site"}) as answer:
        assert 'http-equiv="refresh"' in await answer.text()
    async with guarded.client.get("/article/1", headers={"Sec-Fetch-Site": "same-origin"}) as answer:
        assert 'http-equiv="refresh"' not in await answer.text()


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-IP", "X-Forwarded-Host"])
async def test_a_proxy_in_front_of_a_page_without_a_login_gets_nothing(page: Page, header: str) -> None:
    async with page.client.get("/", headers={header: "203.0.113.9"}) as answer:
        assert answer.status == 403
        assert "NEWSBOT_WEB__TOKEN" in await answer.text()


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"host": "0.0.0.0"}, "NEWSBOT_WEB__TOKEN"),
        ({"host": "::"}, "NEWSBOT_WEB__TOKEN"),
        ({"host": "192.168.1.5"}, "NEWSBOT_WEB__TOKEN"),
        ({"host": "0.0.0.0", "token": "short"}, "NEWSBOT_WEB__TOKEN"),
        ({"allowed_hosts": ("news.example",)}, "NEWSBOT_WEB__TOKEN"),
    ],
)
async def test_beyond_this_machine_the_page_is_not_served_without_a_login(
    page: Page, changes: dict, setting: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import asyncio

    access = replace(page.house.access, port=page.house.access.port, **changes)
    refusal = why_not_serve(access)
    assert refusal is not None
    assert setting in refusal
    async with asyncio.timeout(2):
        await WebPlatform(replace(page.house, access=access)).run(asyncio.Event())
    assert "The web page is not served" in capsys.readouterr().out


def test_behind_tls_the_cookie_is_sent_by_https_only(archive: object) -> None:
    from bot.platforms.web.guarding import cookie_name

    class Behind:
        access = Access(host="127.0.0.1", port=1, key=KEY, token=TOKEN, behind_tls=True)

    assert cookie_name(Behind()) == "__Host-newsbot"  # type: ignore[arg-type]
