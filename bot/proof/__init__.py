"""Proof: whether what a claim states stands in the sentences it rests on. Pure: no files, no network, no model."""

from __future__ import annotations

from bot.proof.checking import verify_claim
from bot.proof.source import Source, prepare_source

__all__ = ["Source", "prepare_source", "verify_claim"]
