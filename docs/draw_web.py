"""Draws the pictures of the web page: the real bot on the sample articles, seen by the system's Chromium.

Run with `uv run python docs/draw_web.py`; it writes web-digest.png, web-article.png and web-chat.png beside itself.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page, async_playwright

DOCS = Path(__file__).parent
PROJECT = DOCS.parent
VIEW = {"width": 1080, "height": 680}
QUESTION = "Why was the Marrow Bridge closed?"
READY_S = 60.0


async def main() -> None:
    """Start the bot in a folder of its own, draw, and stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "NEWSBOT_SEEDS_DIR": str(PROJECT / "seeds"),
            "NEWSBOT_DATA_DIR": folder,
            "NEWSBOT_WEB__PORT": str(port),
            "NEWSBOT_READING__SETTLE_S": "0",
            "PYTHONPATH": str(PROJECT),
        }
        bot = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run"),
            cwd=folder,
            env={**os.environ, **settings},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with async_playwright() as play:
                browser = await play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
                page = await browser.new_page(viewport=VIEW, base_url=f"http://127.0.0.1:{port}")
                await _draw(page)
                await browser.close()
        finally:
            bot.terminate()
            await bot.wait()


async def _draw(page: Page) -> None:
    await _until_told(page)
    await page.screenshot(path=DOCS / "web-digest.png")
    await page.goto("/article/3")
    await page.hover(".claim:nth-child(2)")
    await page.wait_for_timeout(300)
    await page.screenshot(path=DOCS / "web-article.png")
    await page.goto("/chat")
    await page.fill("#text", QUESTION)
    await page.keyboard.press("Escape")
    await page.click(".composer .primary")
    await page.wait_for_selector(".answer .buttons")
    await page.screenshot(path=DOCS / "web-chat.png")


async def _until_told(page: Page) -> None:
    async with asyncio.timeout(READY_S):
        while True:
            try:
                await page.goto("/")
                if await page.locator(".story.lead").count():
                    return
            except Exception as error:  # the bot is still starting
                if "ERR_CONNECTION_REFUSED" not in str(error):
                    raise
            await asyncio.sleep(0.5)


if __name__ == "__main__":
    asyncio.run(main())
