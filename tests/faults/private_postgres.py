"""A PostgreSQL server of a test's own, which it may stop, crash and start again."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USER = "postgres"
"""Whose server it is when the tests run as root, which PostgreSQL refuses to run as."""


class PrivateServer:
    """A server on a free port, without a password, its data in a folder of the test."""

    def __init__(self, folder: Path, binaries: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._folder = folder
        self._binaries = binaries

    @property
    def folder(self) -> Path:
        """Where its data and its configuration lie."""
        return self._folder

    @property
    def address(self) -> str:
        """The address of a database on it."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"

    def initialize(self, *options: str) -> None:
        """Make the data folder."""
        self._folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(self._folder, USER)
        self._run("initdb", "-D", str(self._folder), "-U", USER, "--auth=trust", "--no-sync", *options)

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", str(self._folder), "-w", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop it; "immediate" is a crash, after which it recovers."""
        self._run("pg_ctl", "-D", str(self._folder), "-w", "-m", mode, "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", *command]
        done = subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 0, done.stderr


@contextmanager
def private_postgres(*options: str) -> Iterator[PrivateServer]:
    """Give a running server; `options` go to initdb. A machine without PostgreSQL's programs skips the test."""
    # Not in a folder of pytest's: every start of another pytest closes those to the server's own user.
    folder = Path(tempfile.mkdtemp(prefix="newsbot-postgres-"))
    folder.chmod(0o755)
    server = PrivateServer(folder / "postgres", _binaries())
    server.initialize(*options)
    server.start()
    try:
        yield server
    finally:
        server.stop("immediate")
        shutil.rmtree(folder)


def _binaries() -> Path:
    found = shutil.which("initdb")
    candidates = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    usable = [place for place in candidates if (place / "initdb").exists()]
    if not usable:
        pytest.skip("no initdb on this machine: PostgreSQL's server programs are not installed")
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(USER)
        except KeyError:
            pytest.skip(f"PostgreSQL does not run as root, and this machine has no user {USER}")
    return usable[0]
