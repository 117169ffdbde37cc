"""Slash commands, buttons and forms through the real Bolt client, against a Slack on loopback."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from bot.deliveries.delivering import Deliverer
from bot.deliveries.refusals import Refusals
from bot.model import Caller, Destination, Platform
from bot.platforms.slack.connection import SlackPlatform
from tests.platforms.slack.conftest import RealServices, SystemClock
from tests.platforms.slack.hostile_texts import HOSTILE
from tests.platforms.slack.slack_limits import texts_of
from tests.platforms.slack.slack_loopback import (
    ADMIN,
    CHANNEL,
    READER,
    STRANGER,
    TEAM,
    SlackLoopback,
    answer_nonsense,
    drop,
    hang,
    refuse,
)

PLATFORM: Platform = "slack"
HERE = Destination(platform=PLATFORM, workspace=TEAM, channel=CHANNEL)


def words_of(body: dict) -> str:
    """Return everything readers see in a body."""
    return "\n".join(texts_of(body.get("blocks", [])))


def buttons_of(body: dict) -> dict[str, str]:
    """Return the buttons of a body: label -> action."""
    elements = [element for block in body["blocks"] if block["type"] == "actions" for element in block["elements"]]
    return {element["text"]["text"]: element["value"] for element in elements}


async def test_a_command_is_acknowledged_and_answered_privately(platform: SlackPlatform, slack: SlackLoopback) -> None:
    answer = await slack.answer_to(await slack.type_command("/ask", "How much did the bridge cost?"))
    assert answer["response_type"] == "ephemeral"
    assert "mayor of Oldport" in words_of(answer)
    assert slack.calls_of("chat.postMessage") == []


async def test_every_command_reaches_the_catalogue(platform: SlackPlatform, slack: SlackLoopback) -> None:
    for slash, text in (("/digest", ""), ("/news-search", "bridge"), ("/news-status", ""), ("/news-help", ""),
                        ("/story", "bridge"), ("/timeline", "bridge"), ("/article", "bridge"), ("/why", "bridge"),
                        ("/schedule", "list"), ("/filter", "list")):  # fmt: skip
        answer = await slack.answer_to(await slack.type_command(slash, text, user=ADMIN))
        assert "There is no command" not in words_of(answer)
        assert "Something broke" not in words_of(answer)


@pytest.mark.parametrize("text", ["", "help"])
async def test_newsbot_alone_gives_the_help(platform: SlackPlatform, slack: SlackLoopback, text: str) -> None:
    answer = await slack.answer_to(await slack.type_command("/newsbot", text))
    assert "/schedule add" in words_of(answer)


async def test_answers_name_commands_as_slack_knows_them(platform: SlackPlatform, slack: SlackLoopback) -> None:
    answer = await slack.answer_to(await slack.type_command("/newsbot"))
    assert "/news-search" in words_of(answer)
    assert not re.search(r"/(search|status|help)\b", words_of(answer))
    failed = await slack.answer_to(await slack.type_command("/newsbot", "serch bakers"))
    assert "Did you mean /news-search?" in words_of(failed)


async def test_newsbot_takes_every_command_as_text(platform: SlackPlatform, slack: SlackLoopback) -> None:
    answer = await slack.answer_to(await slack.type_command("/newsbot", "search bakers"))
    assert "Lindau" in words_of(answer)


async def test_a_misspelt_command_names_the_nearest(platform: SlackPlatform, slack: SlackLoopback) -> None:
    answer = await slack.answer_to(await slack.type_command("/newsbot", "serch bakers"))
    assert "/news-search" in words_of(answer)


async def test_an_answer_can_be_shared_once_in_the_channel(platform: SlackPlatform, slack: SlackLoopback) -> None:
    private = await slack.answer_to(await slack.type_command("/ask", "How much did the bridge cost?"))
    address = await slack.press(buttons_of(private)["Share"])
    await slack.until(lambda: len(slack.answers_to(address)) == 2)
    shared, gone = slack.answers_to(address)
    assert shared["response_type"] == "in_channel"
    assert "mayor of Oldport" in words_of(shared)
    assert "Share" not in buttons_of(shared)
    assert gone == {"delete_original": True}


async def test_a_digest_that_is_shared_goes_through_the_outbox_and_is_not_told_again(
    platform: SlackPlatform, slack: SlackLoopback, services: RealServices
) -> None:
    archive = services.archive
    private = await slack.answer_to(await slack.type_command("/digest", user=ADMIN))
    said = await slack.answer_to(await slack.press(buttons_of(private)["Share"], user=ADMIN))
    assert "counts as told" in words_of(said)
    deliverer = Deliverer(archive, {"slack": platform.publisher}, SystemClock(), refusals=Refusals())
    await deliverer.deliver_due()
    await deliverer.drain(timeout_s=10)
    (posted,) = slack.calls_of("chat.postMessage")
    assert "Bridge opens" in json.dumps(posted)
    assert await archive.digest_cursor(HERE.key) == await archive.last_seq()
    following = await slack.answer_to(await slack.type_command("/digest", user=ADMIN))
    assert "Nothing new" in words_of(following)


async def test_an_answer_whose_sharing_failed_stays_with_its_reader(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    private = await slack.answer_to(await slack.type_command("/ask", "How much did the bridge cost?"))
    slack.fail_next("response", answer_nonsense("no", status=500))
    address = await slack.press(buttons_of(private)["Share"])
    await slack.answer_to(await slack.type_command("/news-status"))
    assert slack.answers_to(address) == []


async def test_an_answer_can_be_kept_private(platform: SlackPlatform, slack: SlackLoopback) -> None:
    private = await slack.answer_to(await slack.type_command("/ask", "How much did the bridge cost?"))
    kept = await slack.answer_to(await slack.press(buttons_of(private)["Keep private"]))
    assert kept["replace_original"] is True
    assert kept["response_type"] == "ephemeral"
    assert "Share" not in buttons_of(kept)
    assert "mayor of Oldport" in words_of(kept)


async def test_keeping_private_what_was_answered_before_a_restart_says_so(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    kept = await slack.answer_to(await slack.press("keep:0123456789abcdef"))
    assert "Only you can see" in words_of(kept)


async def test_a_button_of_a_digest_answers_its_presser_alone(platform: SlackPlatform, slack: SlackLoopback) -> None:
    proof = await slack.answer_to(await slack.press("proof:1", private=False))
    assert proof["response_type"] == "ephemeral"
    assert proof["replace_original"] is False
    assert "bridge" in words_of(proof)


async def test_a_forged_button_is_answered_and_not_carried_out(platform: SlackPlatform, slack: SlackLoopback) -> None:
    answer = await slack.answer_to(await slack.press("again:no-such-post", user=READER))
    assert answer["response_type"] == "ephemeral"


async def test_a_thumb_is_counted(platform: SlackPlatform, slack: SlackLoopback) -> None:
    answer = await slack.answer_to(await slack.press("vote:up:story-1", private=False, sort="feedback_buttons"))
    assert "noted" in words_of(answer).lower()


async def test_a_schedule_is_added_through_a_form(platform: SlackPlatform, slack: SlackLoopback, services) -> None:
    address = await slack.type_command("/schedule", "add", user=ADMIN)
    [opened] = await slack.until(lambda: slack.calls_of("views.open"))
    view = opened["view"]
    names = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    assert names[:2] == ["at", "zone"]
    ack = await slack.submit(view, {
        "at": {"value": {"type": "plain_text_input", "value": "08:00"}},
        "zone": {"complete:schedule add:zone": {"type": "external_select",
                                                "selected_option": {"value": "Europe/Berlin"}}},
        "size": {"value": {"type": "number_input", "value": "5"}},
        "quiet": {"value": {"type": "static_select", "selected_option": None}},
    }, user=ADMIN)  # fmt: skip
    assert ack.payload == {}
    await slack.answer_to(address)
    [schedule] = await services.archive.schedules(HERE)
    assert (schedule.zone, schedule.max_articles, f"{schedule.times[0]:%H:%M}") == ("Europe/Berlin", 5, "08:00")


async def test_a_form_says_at_the_field_what_is_wrong(platform: SlackPlatform, slack: SlackLoopback) -> None:
    await slack.type_command("/schedule", "add", user=ADMIN)
    [opened] = await slack.until(lambda: slack.calls_of("views.open"))
    ack = await slack.submit(opened["view"], {"at": {"value": {"type": "plain_text_input", "value": "x" * 400}}})
    assert ack.payload["response_action"] == "errors"
    assert list(ack.payload["errors"]) == ["at"]


@pytest.mark.parametrize(("channel", "warned"), [(CHANNEL, False), ("C0ELSEWHERE", True), ("G0SECRET", True)])
async def test_a_schedule_for_a_channel_without_the_bot_asks_to_invite_it(
    platform: SlackPlatform, slack: SlackLoopback, channel: str, warned: bool
) -> None:
    answer = await slack.answer_to(await slack.type_command("/schedule", "add 08:00", user=ADMIN, channel=channel))
    assert ("/invite @newsbot" in words_of(answer)) is warned


async def test_a_command_is_acknowledged_before_its_work_is_done(platform: SlackPlatform, slack: SlackLoopback) -> None:
    slack.fail_next("users.info", hang(1.0, accept=True))
    address = await slack.type_command("/news-search", "bridge")
    assert slack.answers_to(address) == []
    await slack.answer_to(address)


async def test_a_reader_gets_no_form_for_what_admins_do(platform: SlackPlatform, slack: SlackLoopback) -> None:
    answer = await slack.answer_to(await slack.type_command("/schedule", "add"))
    assert "admins" in words_of(answer)
    assert slack.calls_of("views.open") == []


async def test_an_admin_of_another_workspace_is_no_admin_here(platform: SlackPlatform, slack: SlackLoopback) -> None:
    answer = await slack.answer_to(await slack.type_command("/schedule", "add 08:00", user=STRANGER))
    assert "admins" in words_of(answer)


async def test_nobody_is_an_admin_when_slack_does_not_say(platform: SlackPlatform, slack: SlackLoopback) -> None:
    slack.fail_next("users.info", refuse("internal_error", status=500))
    answer = await slack.answer_to(await slack.type_command("/schedule", "add 08:00", user=ADMIN))
    assert "admins" in words_of(answer)


async def test_a_form_that_slack_no_longer_opens_becomes_an_explanation(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    slack.fail_next("views.open", refuse("expired_trigger_id"))
    answer = await slack.answer_to(await slack.type_command("/schedule", "add", user=ADMIN))
    assert "needs at" in words_of(answer)


async def test_a_menu_offers_what_fits_what_was_typed(platform: SlackPlatform, slack: SlackLoopback) -> None:
    ack = await slack.deliver("interactive", {
        "type": "block_suggestion", "team": {"id": TEAM}, "user": {"id": ADMIN}, "value": "berl", "api_app_id": "A",
        "action_id": "complete:schedule add:zone", "block_id": "zone",
        "view": {"private_metadata": json.dumps({"channel": CHANNEL})},
    })  # fmt: skip
    assert "Europe/Berlin" in [option["value"] for option in ack.payload["options"]]


async def test_a_follow_up_question_is_asked_in_a_form(platform: SlackPlatform, slack: SlackLoopback) -> None:
    address = await slack.press("ask")
    [opened] = await slack.until(lambda: slack.calls_of("views.open"))
    await slack.submit(opened["view"], {"question": {"value": {"type": "plain_text_input", "value": "Who opened it?"}}})
    answer = await slack.answer_to(address)
    assert answer["response_type"] == "ephemeral"
    assert "mayor of Oldport" in words_of(answer)


async def test_a_button_on_the_home_page_answers_in_a_modal(platform: SlackPlatform, slack: SlackLoopback) -> None:
    await slack.press("proof:1", channel=None)
    [opened] = await slack.until(lambda: slack.calls_of("views.open"))
    assert "bridge" in words_of(opened["view"])


async def test_a_press_of_something_unknown_is_acknowledged(platform: SlackPlatform, slack: SlackLoopback) -> None:
    ack = await slack.deliver("interactive", {
        "type": "block_actions", "team": {"id": TEAM}, "user": {"id": READER}, "trigger_id": "t", "api_app_id": "A",
        "actions": [{"type": "button", "action_id": "open-article", "block_id": "b", "value": ""}],
    })  # fmt: skip
    assert ack.payload == {}


async def test_what_nobody_listens_to_is_acknowledged(platform: SlackPlatform, slack: SlackLoopback) -> None:
    shortcut = {"type": "shortcut", "callback_id": "x", "team": {"id": TEAM}, "user": {"id": READER}, "trigger_id": "t"}
    assert (await slack.deliver("interactive", shortcut)).payload == {}
    assert (await slack.event({"type": "team_rename", "name": "Oldport"})).payload == {}


async def test_a_command_of_another_workspace_gets_nothing(platform: SlackPlatform, slack: SlackLoopback) -> None:
    address = await slack.type_command("/ask", "How much did the bridge cost?", team="T0ELSEWHERE")
    await slack.answer_to(await slack.type_command("/news-status"))
    assert slack.answers_to(address) == []


async def test_a_hundred_commands_at_once_are_all_acknowledged_and_answered(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    acks = await asyncio.gather(
        *(slack.deliver("slash_commands", {
            "command": "/newsbot", "text": "search bridge", "user_id": READER, "channel_id": CHANNEL, "team_id": TEAM,
            "response_url": f"{slack.base_url}/respond/many-{n}", "trigger_id": "t", "api_app_id": "A",
        }) for n in range(100))
    )  # fmt: skip
    assert [ack.payload for ack in acks] == [{}] * 100
    await slack.until(lambda: len({name for name, _ in slack.responses if name.startswith("many-")}) == 100)


async def test_a_long_question_is_refused_with_a_sentence(platform: SlackPlatform, slack: SlackLoopback) -> None:
    answer = await slack.answer_to(await slack.type_command("/ask", "why " * 1250))
    assert "characters" in words_of(answer)


async def test_hostile_commands_are_answered_and_never_come_alive(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    asked = [text for text in HOSTILE if len(text) < 300][:60]
    for text in asked:
        await slack.answer_to(await slack.type_command("/newsbot", f"search {text}"))
    assert slack.problems == []


async def test_a_limited_answer_is_sent_once_slack_takes_it(platform: SlackPlatform, slack: SlackLoopback) -> None:
    slack.fail_next("response", refuse("ratelimited", status=429, headers={"Retry-After": "1"}))
    address = await slack.type_command("/news-search", "bridge")
    await slack.answer_to(address)
    assert len(slack.answers_to(address)) == 1


@pytest.mark.parametrize("fault", [drop(accept=True), answer_nonsense("no", status=500)])
async def test_an_answer_of_unknown_outcome_is_not_sent_again(
    platform: SlackPlatform, slack: SlackLoopback, fault
) -> None:
    slack.fail_next("response", fault)
    lost = await slack.type_command("/news-search", "bridge")
    await slack.answer_to(await slack.type_command("/news-status"))
    assert len(slack.answers_to(lost)) <= 1


async def test_a_broken_answer_leaves_the_next_command_working(platform: SlackPlatform, slack: SlackLoopback) -> None:
    slack.fail_next("users.info", answer_nonsense("<html>", status=200))
    await slack.answer_to(await slack.type_command("/news-status"))
    await slack.answer_to(await slack.type_command("/news-search", "bridge"))


async def test_a_caller_carries_the_workspace_and_what_slack_says_of_him(
    platform: SlackPlatform, slack: SlackLoopback, services, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Caller] = []
    context = type(services).context
    monkeypatch.setattr(type(services), "context", lambda self, caller: seen.append(caller) or context(self, caller))
    await slack.answer_to(await slack.type_command("/news-status", user=ADMIN))
    assert seen == [Caller(destination=HERE, user=ADMIN, is_admin=True)]
