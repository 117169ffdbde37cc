"""Two workspaces share one archive; neither sees, changes or counts anything of the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands.catalogue import CATALOGUE
from bot.commands.context import Context
from bot.commands.dispatch import complete, dispatch_text, press
from bot.model import FileRecord, FileState, PostState
from bot.storage.archive import SqlArchive
from tests.commands.commands_parts import actions, coast_news, fill, make_context, make_news, park_post, shown

pytestmark = pytest.mark.fault("foreign workspaces")

EXAMPLES = [command.example for command in CATALOGUE]
SECRETS = ("Hollow Bank", "Board Letter", "bank.txt", "Forty people", "BOARDROOM", "leasehold")
PROBES = [
    "digest", "digest since:all", "digest since:all topic:branch", "ask Does Hollow Bank close its branch in Vessa?",
    "ask What about the harbour tunnel?", 'ask branch? source:"Board Letter"', "search Hollow Bank branch",
    "search harbour tunnel", "story Hollow Bank to close branch", "story #4", "timeline Hollow Bank branch",
    "timeline harbour tunnel", "article Hollow Bank to close branch", "article #4", "article bank.txt",
    "article https://paper.example/board/bank.txt", "article board/bank.txt view:removed", "article #4 view:raw",
    "why Hollow Bank to close branch", "why #4", "status", "help", "schedule list", "schedule preview", "filter list",
    "schedule add 09:00 collections:board", "schedule add 09:00 topics:branch",
]  # fmt: skip


async def set_up_both(archive: SqlArchive) -> tuple[Context, Context]:
    """Give guild-1 schedules, filters, a parked post and every collection; guild-2 sees only the top of the folder."""
    first = make_context(archive, workspace="guild-1", channel="same-channel")
    second = make_context(archive, workspace="guild-2", channel="same-channel", collections=("",))
    for text in ("schedule add 06:15 topics:leasehold", "filter exclude BOARDROOM"):
        assert not (await dispatch_text(text, first)).failed
    await park_post(archive, first.caller.destination, post_id="leasehold-post")
    unread = FileRecord(
        path=b"board/leasehold.pdf", signature=(9, 9, 9, 9, 9), state=FileState.QUARANTINED, reason="leasehold broken"
    )
    await archive.save_files([unread])
    return first, second


@pytest.mark.parametrize("text", [*EXAMPLES, *PROBES])
async def test_no_command_shows_what_another_workspace_has(text: str, archive: SqlArchive) -> None:
    _, second = await set_up_both(archive)
    answer = shown(await dispatch_text(text, second))
    asked = text.casefold()
    assert not [secret for secret in SECRETS if secret.casefold() not in asked and secret in answer]
    assert "Something broke" not in answer


@pytest.mark.parametrize("text", ["story #4", "article #4", "why #4", "article board/bank.txt"])
async def test_a_hidden_article_is_refused_like_one_that_never_was(text: str, archive: SqlArchive) -> None:
    first, second = await set_up_both(archive)
    assert not (await dispatch_text(text, first)).failed
    hidden = await dispatch_text(text, second)
    unknown = await dispatch_text(text.replace("#4", "#9999").replace("board/bank.txt", "board/bonk.txt"), second)
    assert hidden.failed
    assert shown(hidden).replace("#4", "#9999").replace("bank.txt", "bonk.txt") == shown(unknown)


@pytest.mark.parametrize("example", EXAMPLES)
async def test_no_command_changes_what_another_workspace_has(example: str, archive: SqlArchive) -> None:
    first, second = await set_up_both(archive)
    (schedule,) = await archive.schedules(first.caller.destination)
    before = await _holdings(archive, first)
    await dispatch_text(example.replace("3f9a", schedule.id), second)
    assert await _holdings(archive, first) == before


@pytest.mark.parametrize("verb", ["pause", "resume", "remove", "preview"])
async def test_a_schedule_of_another_workspace_does_not_exist(verb: str, archive: SqlArchive) -> None:
    first, second = await set_up_both(archive)
    (schedule,) = await archive.schedules(first.caller.destination)
    reply = await dispatch_text(f"schedule {verb} {schedule.id}", second)
    assert reply.failed
    assert "has no schedule" in shown(reply)
    assert await archive.schedules(first.caller.destination) == [schedule]


async def test_buttons_of_another_workspace_do_nothing(archive: SqlArchive) -> None:
    first, second = await set_up_both(archive)
    digest = await dispatch_text("digest since:all", first)
    for label, action in actions(digest).items():
        reply = await press(action, second, text="Does Hollow Bank close its branch?")
        assert reply is not None
        answer = shown(reply).replace("Does Hollow Bank close its branch?", "")
        assert not [secret for secret in SECRETS if secret in answer], label
    for verb in ("again", "settled"):
        reply = await press(f"{verb}:leasehold-post", second)
        assert reply is not None
        assert "no such post" in shown(reply)
    parked = await archive.post("leasehold-post")
    assert parked is not None
    assert parked.state is PostState.PARKED


@pytest.mark.parametrize(
    ("name", "option"),
    [("story", "name"), ("article", "name"), ("why", "story"), ("ask", "source"), ("schedule remove", "id")],
)
async def test_completion_offers_nothing_of_another_workspace(name: str, option: str, archive: SqlArchive) -> None:
    _, second = await set_up_both(archive)
    offered = " ".join(await complete(name, option, "", second))
    assert not [secret for secret in SECRETS if secret in offered]
    assert "06:15" not in offered


async def test_the_same_channel_id_on_another_platform_is_another_channel(archive: SqlArchive) -> None:
    first, _ = await set_up_both(archive)
    slack = make_context(archive, workspace="guild-1", channel="same-channel", platform="slack")
    assert "no schedules yet" in shown(await dispatch_text("schedule list", slack))
    assert "no filter" in shown(await dispatch_text("filter list", slack))
    assert "leasehold-post" not in shown(await dispatch_text("status", slack))
    assert "leasehold" in shown(await dispatch_text("schedule list", first))


async def test_a_copy_whose_original_is_hidden_is_news_here(empty_archive: SqlArchive) -> None:
    long = " ".join(f"Pier {n} was measured by the harbour office of Vessa." for n in range(40))
    original = make_news("inside.txt", long, title="Board measures piers", source="Board Letter", collection="board")
    copies = [
        make_news(f"{n}.txt", long, title=f"Piers measured {n}", source=f"Paper {n}", copy_note=f"Edition {n}.")
        for n in range(2)
    ]
    stored = await fill(empty_archive, [original, *copies])
    assert [article.duplicate_of for article in stored[1:]] == [stored[0].id] * 2
    outsider = make_context(empty_archive, collections=("",))
    text = shown(await dispatch_text("digest", outsider))
    assert "1 Piers measured" in text
    assert "1 merged as near-copies" in text
    assert "Board" not in text
    assert "Also told, nearly word for word, by: Paper 1" in text
    assert "Board" not in shown(await dispatch_text("why Piers measured 0", outsider))


async def test_counts_tell_nothing_about_what_is_hidden(archive: SqlArchive) -> None:
    _, second = await set_up_both(archive)
    before = [shown(await dispatch_text(text, second)) for text in ("digest", "status", "search harbour")]
    hidden = [
        replace(article, id=f"{article.id}-2", path=f"board/{n}.txt", collection="board", title=f"Hidden {n}")
        for n, article in enumerate(coast_news())
    ]
    await fill(archive, hidden)
    after = [shown(await dispatch_text(text, second)) for text in ("digest", "status", "search harbour")]
    assert after == before


async def _holdings(archive: SqlArchive, context: Context) -> object:
    destination = context.caller.destination
    return (
        await archive.schedules(destination),
        await archive.filters(destination),
        await archive.posts_of(destination, limit=10),
        await archive.digest_cursor(destination.key),
    )
