"""The list of feeds: an OPML file as every feed reader exports it, and single addresses from the settings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from bot.errors import Misconfigured

MAX_OPML_BYTES = 5_000_000
MAX_FEEDS = 2_000
"""Feeds that are looked at: with one look each in half an hour, a request a second."""


def list_feeds(file: Path, more: Iterable[str]) -> list[str]:
    """Return the addresses of all feeds, each once: those of the file, if it is there, then the others.

    Raises: Misconfigured when the file can't be read, or names too many feeds.
    """
    addresses = list(dict.fromkeys((*_read_opml(file), *more)))
    if len(addresses) > MAX_FEEDS:
        raise Misconfigured(f"{len(addresses):,} feeds are named, more than the {MAX_FEEDS:,} that are fetched.")
    return addresses


def _read_opml(file: Path) -> list[str]:
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Misconfigured(f"The feeds file {file} can't be read ({error.strerror}): make it readable.") from error
    if len(data) > MAX_OPML_BYTES:
        raise Misconfigured(f"The feeds file {file} is larger than {MAX_OPML_BYTES / 1e6:g} MB.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Misconfigured(f"The feeds file {file} is not valid XML ({error}): export it anew as OPML.") from error
    if str(root.tag).lower() != "opml":
        raise Misconfigured(f"The feeds file {file} is XML, but not OPML: its first element must be <opml>.")
    outlines = [{key.lower(): value for key, value in one.attrib.items()} for one in root.iter("outline")]
    return [address for one in outlines if (address := str(one.get("xmlurl", "")).strip())]
