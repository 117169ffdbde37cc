"""The page as its reader meets it: in the system's Chromium, on a phone, in the dark, by keyboard, with axe."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, Request, expect
from playwright.async_api import Page as Tab

from bot.model import Destination, Post, PostState
from tests.platforms.web.conftest import TOKEN, Page
from tests.platforms.web.hostile_web import XSS
from tests.platforms.web.town import BRIDGE, FIRE, FIRE_ELSEWHERE, add_articles

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
PATHS = (
    "/",
    "/archive",
    "/digest/1",
    "/article/1",
    "/search?q=bridge",
    "/timeline?topic=bridge",
    "/status",
    "/chat",
    "/nothing",
)
SERIOUS = ("serious", "critical")


@asynccontextmanager
async def tab_of(browser: Browser, page: Page, **options: object) -> AsyncIterator[Tab]:
    """Open a tab; whatever it asks of another host, or complains about in its console, fails the test."""
    context = await browser.new_context(base_url=page.base, **options)  # type: ignore[arg-type]
    tab = await context.new_page()
    foreign: list[str] = []
    complaints: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((page.base, "data:", "blob:")):
            foreign.append(request.url)

    tab.on("request", note)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on(
        "console",
        lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None,
    )
    yield tab
    await context.close()
    assert foreign == []
    assert complaints == []


async def say(tab: Tab, text: str) -> None:
    await tab.fill("#text", text)
    await tab.keyboard.press("Escape")
    await tab.click(".composer .primary")


async def test_a_question_is_answered_while_one_watches(browser: Browser, page: Page) -> None:
    async with tab_of(browser, page) as tab:
        await tab.goto("/chat")
        await say(tab, "When did the mayor open the new bridge over the Arvel?")
        await expect(tab.locator(".asked")).to_have_text("When did the mayor open the new bridge over the Arvel?")
        await expect(tab.locator(".answer").first).to_contain_text("on Monday")
        await tab.click(".answer .buttons >> text=Ask a follow-up")
        await expect(tab.locator("#text")).to_be_focused()
        await say(tab, "/help")
        await expect(tab.locator(".answer").nth(1)).to_contain_text("/digest")
        await tab.reload()
        await expect(tab.locator(".exchange")).to_have_count(2)


async def test_commands_complete_while_typing_by_keyboard(browser: Browser, page: Page) -> None:
    async with tab_of(browser, page) as tab:
        await tab.goto("/chat")
        await tab.type("#text", "/ar")
        await expect(tab.locator("#completions li")).to_have_count(1)
        await tab.keyboard.press("Tab")
        await expect(tab.locator("#text")).to_have_value("/article ")
        await tab.type("#text", "bak")
        await expect(tab.locator("#completions li").first).to_contain_text("Bakers in Lindau strike")
        await tab.keyboard.press("ArrowDown")
        assert await tab.get_attribute("#text", "aria-activedescendant") == "completion-0"
        await tab.keyboard.press("Enter")
        await expect(tab.locator("#text")).to_have_value("/article Bakers in Lindau strike over night work ")
        await tab.type("#text", "view:")
        await expect(tab.locator("#completions li")).to_have_count(3)
        await tab.keyboard.press("ArrowDown")
        await tab.keyboard.press("Enter")
        await tab.keyboard.press("Escape")
        await tab.keyboard.press("Enter")
        await expect(tab.locator(".answer").first).to_contain_text("Bakers in Lindau went on strike")


async def test_buttons_in_answers_work(browser: Browser, page: Page) -> None:
    async with tab_of(browser, page) as tab:
        await tab.goto("/chat")
        await say(tab, "/story Oldport opens its new bridge over the Arvel")
        await tab.click(".answer button:has-text('Proof')")
        await expect(tab.locator(".answer").nth(1).locator("blockquote").first).to_contain_text(
            "after three years of work"
        )
        await tab.click(".answer a:has-text('Read')")
        await expect(tab.locator("h1")).to_have_text("Oldport opens its new bridge over the Arvel")


async def test_a_chat_that_loses_its_connection_catches_up(browser: Browser, page: Page) -> None:
    async with tab_of(browser, page) as tab:
        await tab.goto("/chat")
        await expect(tab.locator("body[data-connected]")).to_have_count(1)
        await tab.context.set_offline(True)
        conversation = next(iter(page.house.conversations._by_channel.values()))
        exchange = conversation.begin("while away", is_question=False)
        conversation.tell("asked", exchange=exchange.id, asked="while away")
        conversation.tell("block", exchange=exchange.id, number=0, html="<p>told while away</p>")
        await tab.context.set_offline(False)
        await expect(tab.locator(".answer")).to_have_text("told while away", timeout=15_000)


async def test_pointing_at_a_line_lights_the_sentences_that_prove_it(browser: Browser, page: Page) -> None:
    async with tab_of(browser, page) as tab:
        await tab.goto("/article/1")
        sentence = tab.locator('.s[data-by~="1"]').first
        plain = await background(tab, '.s[data-by~="1"]')
        await tab.hover('.claim[data-n="1"]')
        await tab.wait_for_timeout(250)
        lit = await background(tab, '.s[data-by~="1"]')
        assert lit != plain
        await tab.mouse.move(5, 5)
        await tab.focus('.claim[data-n="1"] .evidence')
        await tab.wait_for_timeout(250)
        assert await background(tab, '.s[data-by~="1"]') == lit
        await tab.click('.claim[data-n="2"]')
        await expect(tab.locator('.s[data-by~="2"]').first).to_have_class(re.compile("lit"))
        await tab.keyboard.press("Escape")
        await expect(sentence).not_to_have_class(re.compile("lit"))


async def background(tab: Tab, selector: str) -> str:
    return str(await tab.eval_on_selector(selector, "element => getComputedStyle(element).backgroundColor"))


async def test_a_tap_on_a_phone_lights_the_proof_and_brings_it_into_view(browser: Browser, page: Page) -> None:
    async with tab_of(browser, page, viewport=PHONE, has_touch=True, is_mobile=True) as tab:
        await tab.goto("/article/1")
        await tab.tap('.claim[data-n="2"] .words')
        sentence = tab.locator('.s[data-by~="2"]').first
        await expect(sentence).to_have_class(re.compile("lit"))
        await expect(sentence).to_be_in_viewport()


async def test_removed_lines_open_with_their_reasons(browser: Browser, page: Page) -> None:
    async with tab_of(browser, page) as tab:
        await tab.goto("/article/1")
        await expect(tab.locator("#removed table")).to_be_hidden()
        await tab.click("#removed summary")
        await expect(tab.locator("#removed table")).to_contain_text("Share this article")
        await tab.goto("/article/2#removed")
        await expect(tab.locator("#removed")).to_have_attribute("open", "")


async def test_the_way_from_the_digest_to_the_proof(browser: Browser, page: Page) -> None:
    async with tab_of(browser, page) as tab:
        await tab.goto("/")
        await expect(tab.locator("h1")).to_have_text("The latest digest")
        await tab.click(".story.lead .evidence >> nth=0")
        target = tab.locator(".s:target")
        await expect(target).to_be_in_viewport()
        assert await background(tab, ".s:target") != "rgba(0, 0, 0, 0)"


async def test_search_by_keyboard_alone(browser: Browser, page: Page) -> None:
    async with tab_of(browser, page) as tab:
        await tab.goto("/search")
        await expect(tab.locator("input[name=q]")).to_be_focused()
        await tab.keyboard.type("night work")
        await tab.keyboard.press("Enter")
        await expect(tab.locator(".hits h2").first).to_have_text("Bakers in Lindau strike over night work")


async def test_parked_posts_are_decided_on_the_status_page(browser: Browser, page: Page) -> None:
    here = Destination(platform="slack", workspace="T1", channel="C1")
    post = Post(id="p9", destination=here, batch="b", part=1, parts=1, payload="{}", marker="0123456789", nonce="n")
    await page.archive.enqueue([post])
    await page.archive.update(replace(post, state=PostState.PARKED, reason="reset"), expected=PostState.PENDING)
    async with tab_of(browser, page) as tab:
        await tab.goto("/status")
        await tab.click("text=Post again")
        await expect(tab.locator("[role=status]")).to_have_text("0123456789 is posted again within a minute.")
    found = await page.archive.post("p9")
    assert found is not None
    assert found.state is PostState.PENDING


async def test_signing_in_and_out(browser: Browser, guarded: Page) -> None:
    async with tab_of(browser, guarded) as tab:
        await tab.goto("/article/2")
        await tab.fill("#token", "wrong")
        await tab.click("button.primary")
        await expect(tab.locator("[role=alert]")).to_contain_text("This is not the token")
        await tab.goto("/article/2")
        await tab.fill("#token", TOKEN)
        await tab.keyboard.press("Enter")
        await expect(tab.locator("h1")).to_have_text("Bakers in Lindau strike over night work")
        await tab.goto("/chat")
        await say(tab, "/help")
        await expect(tab.locator(".answer").first).to_contain_text("/digest")
        await tab.goto("/")
        await tab.click("text=Sign out")
        await expect(tab.locator("h1")).to_have_text("Sign in")


async def test_dark_and_light_follow_the_browser_unless_chosen(browser: Browser, page: Page) -> None:
    async with tab_of(browser, page, color_scheme="dark") as tab:
        await tab.goto("/")
        dark = await background(tab, "html")
        await tab.click(".theme >> text=Light")
        light = await background(tab, "html")
        await tab.click(".theme >> text=Auto")
        assert await background(tab, "html") == dark
    assert sum(int(part) for part in re.findall(r"\d+", dark)[:3]) < 150
    assert sum(int(part) for part in re.findall(r"\d+", light)[:3]) > 650


@pytest.mark.parametrize("path", PATHS)
async def test_nothing_is_wider_than_a_phone(browser: Browser, page: Page, path: str) -> None:
    async with tab_of(browser, page, viewport=PHONE, is_mobile=True, has_touch=True) as tab:
        await tab.goto(path)
        wide = await tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["light, desktop", "dark, phone"])
async def test_axe_finds_nothing_serious_on_any_page(
    browser: Browser, page: Page, guarded: Page, size: dict[str, int]
) -> None:
    # Our policy forbids foreign scripts, and so axe: it is let in here, and nothing else is.
    look = {"color_scheme": "dark" if size is PHONE else "light", "viewport": size, "bypass_csp": True}
    async with tab_of(browser, page, **look) as tab:
        (article,) = await page.archive.articles_between(0, 1)
        (fire, _) = await add_articles(page.archive, {"fire.txt": FIRE, "elsewhere.txt": FIRE_ELSEWHERE})
        placed = await page.archive.placements([article.id, fire.id])
        for path in (*PATHS, *(f"/story/{one.event}" for one in placed.values())):
            await tab.goto(path)
            assert await serious(tab) == [], path
        await tab.goto("/chat")
        await say(tab, "/status")
        await expect(tab.locator(".answer").first).to_contain_text("Status")
        await tab.type("#text", "/s")
        await expect(tab.locator("#completions li").first).to_be_visible()
        assert await serious(tab) == []
    async with tab_of(browser, guarded, **look) as tab:
        await tab.goto("/")
        assert await serious(tab) == []


async def serious(tab: Tab) -> list[str]:
    await tab.add_script_tag(path=str(AXE_FILE_PATH))
    found = await tab.evaluate("axe.run()")
    return [
        f"{one['id']}: {node['html'][:150]} {node['failureSummary'][:200]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


async def test_hostile_texts_do_nothing_in_a_real_browser(browser: Browser, page: Page) -> None:
    for number, text in enumerate(XSS):
        flat = " ".join(text.split())
        body = BRIDGE.replace("three years", f"three years {flat}").replace("3.4", f"{number}.4")
        await add_articles(
            page.archive, {f"x{number}.txt": body}, title=flat, source=flat, url=f"javascript:alert({number})"
        )
    async with tab_of(browser, page) as tab:
        dialogs: list[str] = []
        tab.on("dialog", lambda dialog: dialogs.append(dialog.message))
        for path in ("/", "/search?q=bridge", "/article/20", "/chat"):
            await tab.goto(path)
            assert "owned" not in await tab.title()
        for text in XSS[::4]:
            await say(tab, " ".join(text.split()))
        await say(tab, "/search bridge")
        await expect(tab.locator(".answer").last).to_contain_text("bridge", timeout=20_000)
        assert "owned" not in await tab.title()
        assert dialogs == []


async def test_without_a_script_the_page_still_works(browser: Browser, page: Page) -> None:
    async with tab_of(browser, page, java_script_enabled=False) as tab:
        await tab.goto("/chat")
        await tab.fill("#text", "When did the mayor open the new bridge over the Arvel?")
        await tab.click(".composer .primary")
        await expect(tab.locator(".answer").first).to_contain_text("on Monday")
        await tab.goto("/article/1")
        await tab.click('.claim[data-n="1"] .evidence')
        await expect(tab.locator(".s:target")).to_have_count(1)
