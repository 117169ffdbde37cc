"""Nothing private is ever asked: 30 and more ways to a server of this machine, and not one connection to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.articles.sandbox import Sandbox
from bot.fetching.addresses import PublicInternet, is_public, read_address
from tests.fetching.papers import Desk, Papers, item, page, rss

pytestmark = pytest.mark.fault("SSRF")

PRIVATE = (
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "168.63.129.16",
    "169.254.169.254", "172.16.0.1", "172.31.255.254", "192.0.0.192", "192.0.2.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "2002:a00:1::", "3fff::1",
    "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    "not an address", "",
)  # fmt: skip
PUBLIC = ("1.1.1.1", "8.8.8.8", "93.184.215.14", "172.32.0.1", "192.169.0.1", "2606:4700:4700::1111", "2a00:1450::1")

# {port} is that of a server on this machine; each of these leads to it, or to its network, in some program.
HOSTILE = (
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://user:secret@127.0.0.1:{port}/",
    "http://paper.example@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@paper.example/",
    "http://127.0.0.1:{port}#@paper.example/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://private.example:{port}/",
    "http://mapped.example:{port}/",
    "http://nat64.example:{port}/",
    "http://metadata.example:{port}/latest/meta-data/",
    "https://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_x",
    "unix:///run/docker.sock",
    "data:text/xml,<rss/>",
    "//127.0.0.1:{port}/",
    "http:127.0.0.1:{port}",
    "http:///127.0.0.1:{port}/",
    "http://",
    "http://127.0.0.1:{port}/\r\nHost: paper.example",
)
assert len(HOSTILE) >= 30
NAMES = {
    "private.example": ["127.0.0.1", "10.1.2.3"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "metadata.example": ["169.254.169.254"],
}


@dataclass
class Trap:
    """A server of this machine that nobody may reach; it counts who does."""

    connections: int = 0
    port: int = 0
    servers: list[asyncio.Server] = field(default_factory=list)

    async def start(self) -> None:
        server = await asyncio.start_server(self._count, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.servers.append(server)
        self.servers.append(await asyncio.start_server(self._count, "::1", self.port))

    def stop(self) -> None:
        for server in self.servers:
            server.close()

    async def _count(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()


@dataclass(frozen=True)
class PublicOnEveryPort:
    """The real rule about addresses; the port is let through, so that the address alone decides."""

    def allows(self, address: str) -> bool:
        return is_public(address)

    def allows_port(self, port: int) -> bool:
        return True


@pytest.fixture
async def trap() -> AsyncIterator[Trap]:
    made = Trap()
    await made.start()
    yield made
    made.stop()


@pytest.fixture
async def open_desk(tmp_path: Path, papers: Papers) -> AsyncIterator[Desk]:
    """A desk with the reach of every process, on every port; names it does not know are asked of the system."""
    from bot.fetching.connecting import look_up

    async with Sandbox() as reader:
        made = Desk(tmp_path, papers, reader)

        async def lookup(host: str) -> Sequence[str]:
            return NAMES.get(host) or await look_up(host)

        made.options = {"reach": PublicOnEveryPort(), "lookup": lookup}
        yield made


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
def test_only_the_ports_of_the_web_are_asked(port: int) -> None:
    with pytest.raises(ValueError, match=f"names port {port}"):
        read_address(f"https://paper.example:{port}/", PublicInternet())


def test_ordinary_addresses_pass() -> None:
    for url in ("https://paper.example/rss?a=b", "http://paper.example:80/x", "https://신문.example/새소식"):
        assert read_address(f"{url}#part", PublicInternet()).fragment == ""


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_a_feed_at_a_private_address_is_refused_without_a_connection(
    hostile: str, trap: Trap, open_desk: Desk
) -> None:
    report = await open_desk.look(hostile.format(port=trap.port))
    assert not report.works
    assert trap.connections == 0


async def test_items_that_link_to_private_addresses_bring_no_connection(trap: Trap, papers: Papers, desk: Desk) -> None:
    desk.addresses = NAMES
    desk.options["reach"] = OnlyPort(papers.port)
    links = [hostile.format(port=trap.port).replace("&", "&amp;").replace("<", "&lt;") for hostile in HOSTILE]
    report = await desk.look(papers.serve("feed", rss(*map(item, links))))
    assert report.works
    assert trap.connections == 0
    assert desk.files == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_into_a_private_network_is_not_followed(
    status: int, trap: Trap, papers: Papers, desk: Desk
) -> None:
    desk.options["reach"] = OnlyPort(papers.port)
    where = f"http://127.0.0.1:{trap.port}/"
    report = await desk.look(papers.serve("feed", "", status=status, Location=where))
    assert "redirects to an address that" in report.sentence
    link = papers.serve("a", "", status=status, Location=where)
    report = await desk.look(papers.serve("feed2", rss(item(link))))
    assert "redirects to an address that" in report.sentence
    assert trap.connections == 0


async def test_a_name_that_changes_its_address_after_it_was_checked_gains_nothing(
    trap: Trap, papers: Papers, desk: Desk
) -> None:
    asked: list[str] = []

    async def rebinding(host: str) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.9.8.7"]

    desk.options["lookup"] = rebinding
    papers.serve("feed", rss(item("/a")))
    papers.serve("a", page())
    report = await desk.look(papers.url("feed"))
    # Asked once a connection, and every answer is judged: the later ones, private addresses here, are never used.
    assert report.works
    assert "points into a private network" in report.sentence
    assert papers.hits["a"] == 0


async def test_a_name_with_public_and_private_addresses_is_asked_at_the_public_one(papers: Papers, desk: Desk) -> None:
    desk.addresses["paper.example"] = ["10.0.0.1", "169.254.169.254", "127.0.0.1"]
    papers.serve("feed", rss(item("/a")))
    papers.serve("a", page())
    report = await desk.look(papers.url("feed"))
    assert report.written == 1


@dataclass(frozen=True)
class OnlyPort:
    """This machine's server of papers, and nothing else of this machine."""

    port: int

    def allows(self, address: str) -> bool:
        return address == "127.0.0.1"

    def allows_port(self, port: int) -> bool:
        return port == self.port
