"""The writing system of a text, told from its letters alone."""

from __future__ import annotations

import re
from functools import cache
from string import ascii_letters

from bot.text.lazy import compile_later

# Letters looked at are enough to know a text's script; a long article is not read to its end.
_SAMPLE_CHARS = 4_000
_RANGES = {
    "latin": r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a",
    "greek": r"\u0370-\u03ff\u1f00-\u1fff",
    "cyrillic": r"\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f",
    "armenian": r"\u0531-\u058f\ufb13-\ufb17",
    "hebrew": r"\u0590-\u05ff\ufb1d-\ufb4f",
    "arabic": r"\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "devanagari": r"\u0900-\u097f\ua8e0-\ua8ff",
    "bengali": r"\u0980-\u09ff",
    "gurmukhi": r"\u0a00-\u0a7f",
    "gujarati": r"\u0a80-\u0aff",
    "odia": r"\u0b00-\u0b7f",
    "tamil": r"\u0b80-\u0bff",
    "telugu": r"\u0c00-\u0c7f",
    "kannada": r"\u0c80-\u0cff",
    "malayalam": r"\u0d00-\u0d7f",
    "sinhala": r"\u0d80-\u0dff",
    "thai": r"\u0e00-\u0e7f",
    "lao": r"\u0e80-\u0eff",
    "tibetan": r"\u0f00-\u0fff",
    "myanmar": r"\u1000-\u109f\uaa60-\uaa7f",
    "georgian": r"\u10a0-\u10ff\u1c90-\u1cbf",
    "hangul": r"\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3",
    "ethiopic": r"\u1200-\u139f",
    "khmer": r"\u1780-\u17ff",
    "kana": r"\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fd-\u30ff\uff66-\uff9d",
    "han": r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
}
_CJK = compile_later(f"[{_RANGES['hangul']}{_RANGES['kana']}{_RANGES['han']}]")
_FOREIGN = compile_later(r"[^\x00-\x7f]+")
_ASCII_LETTER = compile_later(r"[A-Za-z]")
_NO_ASCII_LETTERS = bytes(code for code in range(128) if chr(code) not in ascii_letters)
# A Han letter says about as much as this many letters of an alphabet, a Hangul syllable or kana likewise.
_LETTERS_PER_CJK = 2
# Japanese is Han mixed with kana: this share of kana is enough to call the text kana.
_KANA_SHARE = 0.1


def dominant_script(text: str) -> str:
    """Return the name of the script most of the text is written in, "" when it has no letters.

    Japanese counts as "kana". Names: latin, greek, cyrillic, armenian, hebrew, arabic, devanagari, bengali, gurmukhi,
    gujarati, odia, tamil, telugu, kannada, malayalam, sinhala, thai, lao, tibetan, myanmar, georgian, hangul,
    ethiopic, khmer, kana, han.
    """
    counts = script_counts(text)
    kana, han = counts.get("kana", 0), counts.get("han", 0)
    if kana and kana >= _KANA_SHARE * (kana + han):
        counts["kana"] = kana + han
        counts.pop("han", None)
    return max(counts, key=counts.__getitem__) if counts else ""


def script_counts(text: str) -> dict[str, int]:
    """Return the weight of each script among the first letters; CJK characters weigh double."""
    sample = text[:_SAMPLE_CHARS]
    plain = len(sample.encode("ascii", "ignore").translate(None, _NO_ASCII_LETTERS))
    if sample.isascii():
        return {"latin": plain} if plain else {}
    counts: dict[str, int] = {}
    for run in _runs().finditer(_without_plain(sample)):
        name = str(run.lastgroup)
        weight = _LETTERS_PER_CJK if name in {"han", "hangul", "kana"} else 1
        counts[name] = counts.get(name, 0) + weight * (run.end() - run.start())
    if plain:
        counts["latin"] += plain - 1
    return counts


def is_cjk(text: str) -> bool:
    """Return whether the text has a Han, kana or Hangul character."""
    return not text.isascii() and _CJK.search(text) is not None


def _without_plain(sample: str) -> str:
    """Return the text without ASCII but for its first letter, which keeps the place of "latin" among the scripts."""
    first = _ASCII_LETTER.search(sample)
    at = first.start() if first else len(sample)
    before, after = (_FOREIGN.findall(part) for part in (sample[:at], sample[at:]))
    return "".join((*before, sample[at : at + 1], *after))


@cache
def _runs() -> re.Pattern[str]:
    """Return the expression of a run of one script; compiled when the first text that is not all ASCII comes."""
    return re.compile("|".join(f"(?P<{name}>[{letters}]+)" for name, letters in _RANGES.items()))
