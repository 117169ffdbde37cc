"""What each button does: a verb and its arguments, told from what stands in the button alone.

A press is checked like a command: whoever may not see an article or mend a post gets no further by a forged action.
"""

from __future__ import annotations

from dataclasses import replace

from bot.commands.actions import MAX_ACTION_CHARS, read_digest_part, read_number, unknown_action, utf16_length
from bot.commands.article import turn_page
from bot.commands.context import Context
from bot.commands.digest import channel_digest_message, sources_message, wish_of_channel
from bot.commands.finding import article_of_number, label_of
from bot.commands.gathering import ChannelDigest, gather_part
from bot.commands.story import StoryArguments, prove_story, tell_story
from bot.commands.timeline import TimelineArguments, prove_timeline, tell_timeline
from bot.commands.why import WhyArguments, explain_article
from bot.deliveries.outbox import post_again, settle
from bot.errors import NotAllowed, NotFound
from bot.model import Message, Paragraph, Post, PostState

MAX_SUBJECT_CHARS = 40
_VOTES = {"up": 1, "down": -1}


async def press_button(action: str, context: Context) -> Message:
    """Return what a button answers.

    Raises: BadRequest for an action that is none of ours, NotFound for what is gone, NotAllowed.
    """
    if utf16_length(action) > MAX_ACTION_CHARS:
        raise unknown_action()
    verb, _, arguments = action.partition(":")
    if verb == "proof":
        seq, _, bullet = arguments.partition(":")
        return await prove_story(read_number(seq), context, bullet=read_number(bullet) if bullet else None)
    if verb == "story":
        return await tell_story(StoryArguments(name=f"#{read_number(arguments)}"), context)
    if verb == "why":
        return await explain_article(WhyArguments(story=f"#{read_number(arguments)}"), context)
    if verb == "days":
        return await prove_timeline(arguments, context)
    if verb == "timeline":
        article = await article_of_number(read_number(arguments), context)
        return await tell_timeline(TimelineArguments(topic=label_of(article)), context)
    if verb == "sources":
        return sources_message(await _gather(arguments, context))
    if verb == "page":
        if arguments.startswith("article:"):
            return await turn_page(arguments.removeprefix("article:"), context)
        return channel_digest_message(replace(await _gather(arguments, context), zone=context.zone))
    if verb == "vote":
        return await _vote(arguments, context)
    if verb == "again":
        return await _post_again(arguments, context)
    if verb == "settled":
        return await _mark_as_posted(arguments, context)
    raise unknown_action()


async def _gather(arguments: str, context: Context) -> ChannelDigest:
    part = read_digest_part(arguments)
    wish = replace(await wish_of_channel(context, topics=part.topics), only=part.collections)
    key = context.caller.destination.key
    found = await gather_part(context.archive, part, channel=key, wish=wish, size=context.size)
    if not found.digest.items:
        raise NotFound("There is nothing more in this digest: its articles have changed or gone since.")
    return found


async def _vote(arguments: str, context: Context) -> Message:
    direction, _, subject = arguments.partition(":")
    if direction not in _VOTES or not subject or len(subject) > MAX_SUBJECT_CHARS:
        raise unknown_action()
    await context.desk.save_vote(context.caller.destination, context.caller.user, subject, _VOTES[direction])
    thanks = "Thank you, noted." if direction == "up" else "Noted. /why tells how it came about; /filter changes it."
    return _say(thanks)


async def _post_again(post_id: str, context: Context) -> Message:
    post = await _own_undecided(post_id, context)
    if not await context.outbox.update(post_again(post), expected=post.state):
        raise NotFound("Somebody else has just decided about this post.")
    return _say(f"{post.marker} is posted again within a minute.")


async def _mark_as_posted(post_id: str, context: Context) -> Message:
    post = await _own_undecided(post_id, context)
    if not await context.outbox.update(settle(post), expected=post.state):
        raise NotFound("Somebody else has just decided about this post.")
    return _say(f"{post.marker} counts as posted; what follows it goes out now.")


async def _own_undecided(post_id: str, context: Context) -> Post:
    if not context.caller.is_admin:
        raise NotAllowed("Only admins of this channel decide about parked posts.")
    post = await context.outbox.post(post_id)
    here = context.caller.destination
    if post is None or (post.destination.platform, post.destination.workspace) != (here.platform, here.workspace):
        raise NotFound("I have no such post.")
    if post.state not in (PostState.PARKED, PostState.DEAD):
        raise NotFound(f"This post is not parked any more: it is {post.state.value}.")
    return post


def _say(text: str) -> Message:
    return Message(blocks=(Paragraph(text=text),))
