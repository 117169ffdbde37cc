"""Articles of an invented country: as many as a test wants, each about things that no other one names."""

from __future__ import annotations

import random

_SYLLABLES = ("ba", "dre", "fol", "gim", "hu", "ke", "lor", "mi", "nat", "pe", "qua", "ril", "sto", "tu", "vex", "zan")


def invented_article(number: int) -> str:
    """Return an article whose every name and number is its own."""
    chance = random.Random(number)

    def word() -> str:
        return "".join(chance.sample(_SYLLABLES, 3))

    def name() -> str:
        return word().capitalize()

    lines = [f"Case {number:05d}: {name()} takes over the {word()} of {name()}", ""]
    for _ in range(6):
        lines.append(
            f"The {word()} council of {name()} gave {chance.randint(11, 9_999):,} {word()}s to the {word()} yard at"
            f" {name()} after {name()} {name()} had asked for the {word()} in {name()}, the {word()} office said."
        )
        lines.append("")
    return "\n".join(lines)
