"""The commands of the chat, answered in the terminal: apart from the others, because the whole catalogue is loaded."""

from __future__ import annotations

from bot.commands.catalogue import CATALOGUE
from bot.commands.context import Context
from bot.commands.dispatch import dispatch_text
from bot.commands.parsing import split_name
from bot.platforms.terminal.commands import DONE, FAILED
from bot.platforms.terminal.doors import OWN_WORDS, in_terminals_words
from bot.platforms.terminal.printing import print_message


async def show_reply(text: str, context: Context) -> int:
    """Print the answer to a command as it is typed in a channel; return 2 when it could not be carried out."""
    reply = await dispatch_text(text, context)
    own = reply.failed or text.partition(" ")[0] in OWN_WORDS
    print_message(in_terminals_words(reply.message, CATALOGUE, own=own))
    return FAILED if reply.failed else DONE


def writes(text: str) -> bool:
    """Return whether a command changes what a channel set up; one that nobody knows does not."""
    name, _ = split_name(text)
    return any(command.changes for command in CATALOGUE if command.name == name)
