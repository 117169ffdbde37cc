"""Answers that are long, hostile or come late: what Slack is sent stays proper, and nothing is sent twice."""

from __future__ import annotations

import re

from bot.commands.dispatch import Reply
from bot.model import Bullets, Heading, Line, Message
from bot.platforms.slack.connection import SlackPlatform
from bot.platforms.slack.publishing import posting_client
from bot.platforms.slack.recent import RecentIds
from bot.platforms.slack.replying import Replies
from tests.platforms.slack.hostile_texts import HOSTILE
from tests.platforms.slack.slack_limits import links_of, texts_of
from tests.platforms.slack.slack_loopback import BOT_TOKEN, BOT_USER, CHANNEL, READER, SlackLoopback, refuse
from tests.storage.archive_parts import make_article, make_record, make_summary


def long_reply(*, parts: int) -> Reply:
    """Return a reply that fills about this many bodies."""
    lines = tuple(Line(text=f"b{n} " + "harbour " * 340) for n in range(parts * 2))
    return Reply(message=Message(blocks=(Heading(text="Long"), Bullets(lines=lines))))


async def test_a_very_long_private_answer_uses_its_address_five_times_and_says_it_goes_on(slack: SlackLoopback) -> None:
    replies = Replies(posting_client(BOT_TOKEN, base_url=f"{slack.base_url}/api/", timeout_s=5))
    await replies.answer(long_reply(parts=9), response_url=f"{slack.base_url}/respond/long")
    sent = slack.answers_to("long")
    assert len(sent) == 5
    assert "goes on" in "".join(texts_of(sent[-1]["blocks"]))


async def test_a_long_public_answer_is_posted_whole_and_in_order(slack: SlackLoopback) -> None:
    replies = Replies(posting_client(BOT_TOKEN, base_url=f"{slack.base_url}/api/", timeout_s=5))
    assert await replies.say(long_reply(parts=7), channel=CHANNEL, thread="1.1")
    shown = [text for message in slack.posts() for text in texts_of(message["blocks"]) if re.match(r"b\d+ ", text)]
    assert [text.split()[0] for text in shown] == [f"b{n}" for n in range(14)]


async def test_a_long_answer_stops_where_slack_refuses(slack: SlackLoopback) -> None:
    replies = Replies(posting_client(BOT_TOKEN, base_url=f"{slack.base_url}/api/", timeout_s=5))
    slack.fail_next("chat.postMessage", refuse("not_in_channel"))
    assert not await replies.say(long_reply(parts=4), channel=CHANNEL, thread=None)
    assert slack.posts() == []


async def test_articles_full_of_slacks_own_marks_come_alive_nowhere(
    platform: SlackPlatform, slack: SlackLoopback, services
) -> None:
    hostile = [text for text in HOSTILE if 3 < len(text) < 300][::6][:40]
    articles = [
        make_article(f"h{n}.txt", f"Oldport says {text} here. The bridge is open again, {text}.", title=f"{text} {n}")
        for n, text in enumerate(hostile)
    ]
    records = [make_record(article.path, article) for article in articles]
    summaries = [make_summary(article, headline=f"{article.title}") for article in articles]
    await services.archive.save_articles(records, articles, summaries)
    for slash, text in (("/digest", ""), ("/news-search", "bridge"), ("/story", "bridge"), ("/article", "h3.txt"),
                        ("/ask", "What does Oldport say?"), ("/timeline", "bridge"), ("/why", "h5.txt")):  # fmt: skip
        await slack.answer_to(await slack.type_command(slash, text))
    await slack.write(f"<@{BOT_USER}> What does Oldport say?", kind="app_mention")
    await slack.until(slack.posts)
    await slack.event({"type": "app_home_opened", "user": READER, "channel": "D1", "tab": "home"})
    await slack.until(lambda: slack.calls_of("views.publish"))
    sent = [body for _, body in slack.responses] + [call for _, call in slack.calls]
    assert list(links_of([body.get("blocks", []) for body in sent])) == []
    assert slack.problems == []


def test_an_id_is_new_once_until_it_is_forgotten() -> None:
    ids = RecentIds(keep_count=3)
    assert [ids.is_new(name) for name in "aabcda"] == [True, False, True, True, True, True]


def test_an_id_is_forgotten_after_its_time() -> None:
    ids = RecentIds(keep_s=-1)
    assert ids.is_new("a")
    assert ids.is_new("a")
