"""Builds the web page from the settings."""

from __future__ import annotations

import os
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.building import SystemClock
from bot.errors import Misconfigured
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.commands.context import Services
    from bot.platforms.web.access import Access
    from bot.platforms.web.probing import ProbeServer
    from bot.platforms.web.server import WebPlatform
    from bot.storage.archive import SqlArchive

KEY_FILE = "web.key"
KEY_BYTES = 32


def build_web(
    settings: Settings,
    services: Services,
    archive: SqlArchive,
    *,
    metrics: Callable[[], Awaitable[bytes]] | None = None,
    ready: Callable[[], Awaitable[str | None]] | None = None,
) -> WebPlatform | None:
    """Return the web page, None when it is turned off. Raises: Misconfigured when its key can't be kept."""
    if not settings.web.enabled:
        return None
    from bot.platforms.web.house import House, Probes, Timetable
    from bot.platforms.web.server import WebPlatform
    from bot.platforms.web.sessions import Sessions

    clock = SystemClock()
    access = web_access(settings, key=_keep_key(settings.data_dir))
    return WebPlatform(
        House(
            services=services,
            archive=archive,
            access=access,
            clock=clock,
            timetable=Timetable(times=settings.digest.at, zone=settings.digest.zone),
            probes=Probes(metrics=metrics, ready=ready),
            sessions=Sessions(access.key, access.token, clock),
        )
    )


def build_probes(
    settings: Settings, *, metrics: Callable[[], Awaitable[bytes]], ready: Callable[[], Awaitable[str | None]]
) -> ProbeServer | None:
    """Return what answers operators on a port of its own, None when no port is set."""
    if settings.probes.port is None:
        return None
    from bot.platforms.web.access import Access
    from bot.platforms.web.house import Probes
    from bot.platforms.web.probing import ProbeServer

    access = Access(host=settings.probes.host, port=settings.probes.port, key=b"", token=_login_token(settings))
    return ProbeServer(access, Probes(metrics=metrics, ready=ready))


def web_access(settings: Settings, *, key: bytes) -> Access:
    """Return where the page is served and to whom."""
    from bot.platforms.web.access import Access

    web = settings.web
    return Access(
        host=web.host,
        port=web.port,
        key=key,
        token=_login_token(settings),
        allowed_hosts=web.allowed_hosts,
        behind_tls=web.behind_tls,
    )


def _login_token(settings: Settings) -> str | None:
    token = settings.web.token
    return token.get_secret_value().strip() if token else None


def _keep_key(folder: Path) -> bytes:
    """Return the key that signs cookies: made once, kept beside the archive, readable by its owner alone."""
    file = folder / KEY_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
                new.write(secrets.token_bytes(KEY_BYTES))
        except FileExistsError:
            pass
        key = file.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{file}, which signs the web page's cookies, can't be kept: {error.strerror}.") from error
    if len(key) < KEY_BYTES:
        raise Misconfigured(f"{file} is damaged. Delete it and start again; every browser then begins anew.")
    return key
