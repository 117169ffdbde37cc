"""Commands, buttons, forms and completions through the real client and a gateway on loopback."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.commands.context import Context
from bot.commands.declaring import Command
from bot.commands.help import Help  # noqa: F401
from bot.model import PostState
from tests.platforms.discord.conftest import Bot, make_post
from tests.platforms.discord.loopback import (
    CHANNEL,
    GUILD,
    Fault,
    LoopbackDiscord,
    buttons_in,
    limited,
    texts_in,
)
