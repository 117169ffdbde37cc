"""Parked posts on the home page: an admin looks, presses, and the post goes out again or counts as posted."""

from __future__ import annotations

from dataclasses import replace

from bot.deliveries.delivering import Deliverer
from bot.deliveries.outbox import posts_of_message
from bot.model import Destination, Heading, Message, Post, PostState
from bot.platforms.slack.connection import SlackPlatform
from tests.platforms.slack.conftest import RealServices, SystemClock
from tests.platforms.slack.slack_limits import texts_of
from tests.platforms.slack.slack_loopback import ADMIN, CHANNEL, READER, TEAM, Json, SlackLoopback

HERE = Destination(platform="slack", workspace=TEAM, channel=CHANNEL)
ELSEWHERE = Destination(platform="slack", workspace="T0OTHER", channel=CHANNEL)


async def park(services: RealServices, platform: SlackPlatform, *, to: Destination = HERE) -> list[Post]:
    """Leave a message of two parts in the outbox whose first part nobody knows the fate of."""
    payloads = [
        platform.publisher.render(Message(blocks=(Heading(text=f"News digest {part}"),)), marker="ab12")[0]
        for part in (1, 2)
    ]
    first, second = posts_of_message(payloads, to, batch="monday", clock=SystemClock())
    await services.archive.enqueue([first, second])
    parked = replace(first, state=PostState.PARKED, attempts=1, reason="no earlier message of ours can be seen")
    assert await services.archive.update(parked, expected=PostState.PENDING)
    return [parked, second]


async def open_home(slack: SlackLoopback, user: str) -> Json:
    """Play somebody who opens the home page; return what is shown there."""
    before = len(slack.calls_of("views.publish"))
    await slack.event({"type": "app_home_opened", "user": user, "channel": "D1", "tab": "home"})
    await slack.until(lambda: len(slack.calls_of("views.publish")) > before)
    return home_of(slack, user)


def home_of(slack: SlackLoopback, user: str) -> Json:
    """Return what stands on somebody's home page now."""
    view: Json = [call["view"] for call in slack.calls_of("views.publish") if call["user_id"] == user][-1]
    return view


def buttons_of(view: Json) -> dict[str, str]:
    """Return the buttons of a view: label -> action."""
    elements = [element for block in view["blocks"] if block["type"] == "actions" for element in block["elements"]]
    return {element["text"]["text"]: element["value"] for element in elements}


async def press_at_home(slack: SlackLoopback, label: str, user: str) -> Json:
    """Press a button of the home page; return the modal that answers."""
    action = buttons_of(home_of(slack, user))[label]
    opened, published = len(slack.calls_of("views.open")), len(slack.calls_of("views.publish"))
    await slack.press(action, user=user, channel=None)
    await slack.until(lambda: len(slack.calls_of("views.open")) > opened)
    await slack.until(lambda: len(slack.calls_of("views.publish")) > published)
    view: Json = slack.calls_of("views.open")[-1]["view"]
    return view


async def deliver(services: RealServices, platform: SlackPlatform) -> None:
    """Post what waits in the outbox, as the running bot does."""
    deliverer = Deliverer(services.archive, {"slack": platform.publisher}, SystemClock())
    await deliverer.deliver_due()
    await deliverer.drain(timeout_s=10)


async def test_a_parked_post_is_posted_again_from_the_home_page_and_what_follows_it_after_it(
    platform: SlackPlatform, slack: SlackLoopback, services: RealServices
) -> None:
    posts = await park(services, platform)
    await deliver(services, platform)
    assert slack.posts() == []
    home = await open_home(slack, ADMIN)
    assert "nobody could find out whether these were posted" in "\n".join(texts_of(home))
    answer = await press_at_home(slack, "Post again", ADMIN)
    assert "posted again" in "\n".join(texts_of(answer))
    assert "Post again" not in buttons_of(home_of(slack, ADMIN))
    await deliver(services, platform)
    shown = ["\n".join(texts_of(message["blocks"])) for message in slack.posts()]
    assert [next(n for n in ("1", "2") if f"News digest {n}" in text) for text in shown] == ["1", "2"]
    assert [(await services.archive.post(post.id)).state for post in posts] == [PostState.SENT] * 2


async def test_a_parked_post_marked_as_posted_on_the_home_page_stays_as_it_is_and_lets_the_next_part_go(
    platform: SlackPlatform, slack: SlackLoopback, services: RealServices
) -> None:
    posts = await park(services, platform)
    await open_home(slack, ADMIN)
    answer = await press_at_home(slack, "Mark as posted", ADMIN)
    assert "counts as posted" in "\n".join(texts_of(answer))
    assert "Mark as posted" not in buttons_of(home_of(slack, ADMIN))
    await deliver(services, platform)
    [message] = slack.posts()
    assert "News digest 2" in "\n".join(texts_of(message["blocks"]))
    assert [(await services.archive.post(post.id)).state for post in posts] == [PostState.SENT] * 2


async def test_a_second_press_says_that_it_was_decided(
    platform: SlackPlatform, slack: SlackLoopback, services: RealServices
) -> None:
    [post, _] = await park(services, platform)
    await open_home(slack, ADMIN)
    await press_at_home(slack, "Mark as posted", ADMIN)
    opened = len(slack.calls_of("views.open"))
    await slack.press(f"again:{post.id}", user=ADMIN, channel=None)
    await slack.until(lambda: len(slack.calls_of("views.open")) > opened)
    assert "not parked any more" in "\n".join(texts_of(slack.calls_of("views.open")[-1]["view"]))
    await deliver(services, platform)
    assert len(slack.posts()) == 1


async def test_a_reader_sees_parked_posts_without_buttons_and_a_forged_press_does_nothing(
    platform: SlackPlatform, slack: SlackLoopback, services: RealServices
) -> None:
    [post, _] = await park(services, platform)
    home = await open_home(slack, READER)
    assert post.marker in "\n".join(texts_of(home))
    assert buttons_of(home) == {}
    await slack.press(f"again:{post.id}", user=READER, channel=None)
    [opened] = await slack.until(lambda: slack.calls_of("views.open"))
    assert "Only admins" in "\n".join(texts_of(opened["view"]))
    assert (await services.archive.post(post.id)).state is PostState.PARKED


async def test_a_post_of_another_workspace_is_neither_shown_nor_settled(
    platform: SlackPlatform, slack: SlackLoopback, services: RealServices
) -> None:
    [post, _] = await park(services, platform, to=ELSEWHERE)
    home = await open_home(slack, ADMIN)
    assert post.marker not in "\n".join(texts_of(home))
    await slack.press(f"settled:{post.id}", user=ADMIN, channel=None)
    [opened] = await slack.until(lambda: slack.calls_of("views.open"))
    assert "no such post" in "\n".join(texts_of(opened["view"]))
    assert (await services.archive.post(post.id)).state is PostState.PARKED
