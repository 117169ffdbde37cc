"""What an LLM is shown of an article: marked sentences between two lines nobody can forge, in parts that fit.

Sentences that give instructions are withheld with their whole paragraph: what an injected order asks for usually stands
right beside it.
Source: Hines et al., "Defending Against Indirect Prompt Injection Attacks With Spotlighting" (2024), delimiting.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.model import Article, Bullet, Sentence
from bot.summaries.budget import estimate_tokens
from bot.summaries.instructions import find_planted
from bot.summaries.ranking import Vector
from bot.text.lazy import compile_later
from bot.text.words import content_terms

# 64 random bits: an article can't close a block whose mark it can't guess.
_NONCE_BYTES = 8
# A title or date line longer than this is no title; it would push the sentences out.
_MOST_TITLE_CHARS = 300
# Comparing the paragraphs of a longer text with each other tells little and takes long.
_MOST_COMPARED_SENTENCES = 400
_MOST_COMPARED_CHARS = 2_000
# What no newspaper prints: marks of prompts, of chat templates, and of the answer that is expected.
_FORGERY = compile_later(
    r"<<<|>>>|<\||\|>|\[/?(?:INST|SYS)\]|<</?SYS>>|</?(?:system|assistant|user|instructions?)>"
    r'|"(?:headline|bullets|attribution|claims|status|role|content)"\s*:|^\s*#{1,6}\s',
    re.IGNORECASE,
)

_LANGUAGE_NAMES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali",
    "bo": "Tibetan", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician", "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian",
    "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "km": "Khmer", "kn": "Kannada", "ko": "Korean", "ky": "Kyrgyz",
    "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian",
    "mr": "Marathi", "ms": "Malay", "mt": "Maltese", "my": "Burmese", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian",
    "or": "Odia", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian",
    "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish",
    "ug": "Uyghur", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_UNKNOWN_LANGUAGE = "the language that the sentences of the article are written in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Data between two marked lines; `nonce` is the mark, new each time; `identity` is the data without it."""

    nonce: str
    text: str
    identity: str


def name_language(code: str) -> str:
    """Return the English name of a language by its ISO 639-1 code, or a description where the code is unknown."""
    return _LANGUAGE_NAMES.get(code.lower().partition("-")[0], _UNKNOWN_LANGUAGE)


def is_foreign(language: str, code: str) -> bool:
    """Whether a language, by its English name, is surely another one than that of an article; unknown ones are not."""
    known = {name.casefold() for name in _LANGUAGE_NAMES.values()}
    own = name_language(code).casefold()
    return own in known and language.casefold() in known and language.casefold() != own


def withhold(article: Article, is_instruction: Callable[[str], bool]) -> Article:
    """Return the article with the text of every sentence that the model may not see emptied; indexes stay as they are.

    Claims are proved against this article: what an injected paragraph says proves nothing.
    """

    def is_hostile(text: str) -> bool:
        return is_instruction(text) or is_forged(text)

    title = None if article.title is None or is_hostile(article.title) else article.title
    paragraphs = {sentence.paragraph for sentence in article.sentences if is_hostile(sentence.text)}
    planted = find_planted(article.sentences, _term_vectors(article))
    if not paragraphs and not planted and title == article.title:
        return article
    sentences = tuple(
        replace(sentence, text="") if position in planted or sentence.paragraph in paragraphs else sentence
        for position, sentence in enumerate(article.sentences)
    )
    return replace(article, title=title, sentences=sentences)


def is_forged(text: str) -> bool:
    """Whether a text holds marks of prompts, of chat templates, or of the answer that is expected."""
    return _FORGERY.search(text) is not None


def cut_sections(sentences: Sequence[Sentence], *, max_tokens: int) -> list[list[Sentence]]:
    """Return the sentences in sections of about equal size, none above the limit; paragraphs are kept whole if short.

    Emptied sentences are left out, and those that alone are above the limit: no model could read them.
    """
    sizes = {sentence.index: estimate_tokens(show_sentence(sentence)) for sentence in sentences}
    readable = [sentence for sentence in sentences if sentence.text and sizes[sentence.index] <= max_tokens]
    total = sum(sizes[sentence.index] for sentence in readable)
    count = max(1, -(-total // max_tokens))
    target = min(max_tokens, -(-total // count))
    sections: list[list[Sentence]] = []
    filled = 0
    paragraph = -1
    for sentence in readable:
        size = sizes[sentence.index]
        at_target = filled >= target and sentence.paragraph != paragraph
        if not sections or at_target or filled + size > max_tokens:
            sections.append([])
            filled = 0
        sections[-1].append(sentence)
        filled += size
        paragraph = sentence.paragraph
    return sections


def show_sentence(sentence: Sentence) -> str:
    """Return a sentence as the one line that the model sees."""
    return f"[s{sentence.index}] {on_one_line(sentence.text)}"


def show_article(article: Article, sentences: Sequence[Sentence]) -> Block:
    """Return the block of these sentences, under the article's title and date."""
    lines = []
    if article.title:
        lines.append(f"[title] {on_one_line(article.title)[:_MOST_TITLE_CHARS]}")
    if article.published_at is not None:
        lines.append(f"[published] {article.published_at.date().isoformat()}")
    lines.extend(show_sentence(sentence) for sentence in sentences)
    return between_marks("ARTICLE", lines)


def show_notes(bullets: Iterable[Bullet]) -> Block:
    """Return the block of bullets that are to be merged, one JSON line each."""
    return between_marks("NOTES", (_show_note(bullet) for bullet in bullets))


def between_marks(label: str, lines: Iterable[str]) -> Block:
    """Return these lines as a block that none of them can close."""
    nonce = secrets.token_hex(_NONCE_BYTES)
    data = "\n".join(lines)
    return Block(nonce=nonce, text=f"<<<{label} {nonce}>>>\n{data}\n<<<END {label} {nonce}>>>", identity=data)


def on_one_line(text: str) -> str:
    """Return a text without line breaks or runs of spaces."""
    return " ".join(text.split())


def _term_vectors(article: Article) -> list[Vector]:
    """Return the content terms of the leading sentences; the rest of a book is judged by its wording alone."""
    leading = article.sentences[:_MOST_COMPARED_SENTENCES]
    return [
        dict.fromkeys(content_terms(sentence.text[:_MOST_COMPARED_CHARS], article.language), 1.0)
        for sentence in leading
    ]


def _show_note(bullet: Bullet) -> str:
    note = {
        "text": bullet.text,
        "ids": [f"s{index}" for index in bullet.sentences],
        "quote": bullet.quote,
        "attribution": bullet.attribution,
        "status": bullet.status,
    }
    return json.dumps(note, ensure_ascii=False)
