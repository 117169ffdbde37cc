"""What `/status` says of corrections that could not be made."""

from __future__ import annotations

from dataclasses import replace

from bot.commands.dispatch import dispatch_text
from bot.ports import EditState
from bot.storage.archive import SqlArchive
from tests.commands.commands_parts import NOW, make_context, shown
from tests.contracts.test_corrections_contract import enqueue, send


async def test_corrections_that_wait_or_were_given_up_are_shown_with_their_reasons(empty_archive: SqlArchive) -> None:
    archive = empty_archive
    context = replace(make_context(archive, workspace="1", channel="10"), corrections=archive)
    assert "Corrections" not in shown(await dispatch_text("status", context))
    for batch, reason, state in (("a", "Missing Access", EditState.PENDING), ("b", "was deleted", EditState.GIVEN_UP)):
        post = await enqueue(archive, batch, batch)
        await send(archive, post)
        [showing] = await archive.shown_in(post.id)
        await archive.compare(replace(showing, changes=("x",), changed_at=NOW), edits=True)
        due = await archive.edits_due("discord", NOW, limit=9)
        [edit] = [edit for edit in due if edit.post.id == post.id]
        assert await archive.update_edit(replace(edit, state=state, reason=reason))
    text = shown(await dispatch_text("status", context))
    assert "Corrections of posted messages waiting: 1. Why: Missing Access (1)." in text
    assert "Corrections of posted messages given up: 1. Why: was deleted (1)." in text
    elsewhere = replace(make_context(archive, workspace="2"), corrections=archive)
    assert "Corrections" not in shown(await dispatch_text("status", elsewhere))
