"""The prompt templates that a user may edit: `prompts/*.md`, one file a task, all checked when the bot starts.

A file is Markdown with an optional front matter (`description: ...`), and up to two parts, `# System` and `# User`. The
parts are cut apart before anything is filled in, so no article can open a part of its own.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.errors import Misconfigured
from bot.ports import ChatMessage

Role = Literal["system", "user"]

# What each task may use, with values to try the template on. Every one without a "?" must be used: a prompt that leaves
# out the article, the language or the mark would go wrong silently.
_TASKS: Mapping[str, Mapping[str, object]] = {
    "summarize": {"article": "[s0] A line.", "language": "English", "nonce": "0a1b", "bullets?": 4, "max_words?": 24},
    "merge": {"notes": "{}", "language": "English", "nonce": "0a1b", "bullets?": 4, "max_words?": 24},
    "repair": {"problems": ("a problem", "another")},
}
# A prompt of this size would cost more than the articles; such a file was put there by mistake.
_MAX_BYTES = 64_000
_FINGERPRINT_CHARS = 16
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FRONT_MATTER_KEYS = frozenset({"description"})
_PART = re.compile(r"^#[ \t]+(system|user)[ \t]*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    role: Role
    template: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prompt:
    parts: tuple[_Part, ...]
    digest: str


class Prompts:
    """The checked templates of every task; implements `ports.PromptBook`."""

    def __init__(self, prompts: Mapping[str, _Prompt]) -> None:
        self._prompts = dict(prompts)

    def render(self, task: str, values: Mapping[str, object]) -> list[ChatMessage]:
        """Return the messages of this task. Raises: Misconfigured when the template fails on these values."""
        try:
            return [
                ChatMessage(role=part.role, text=part.template.render(values).strip())
                for part in self._prompts[task].parts
            ]
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise Misconfigured(f"the prompt {task}.md can't be filled in: {_one_line(error)}") from error

    def fingerprint(self, *tasks: str) -> str:
        """Return a hash over the files of these tasks."""
        together = "\n".join(self._prompts[task].digest for task in tasks)
        return hashlib.sha256(together.encode()).hexdigest()[:_FINGERPRINT_CHARS]


def load_prompts(directory: Path) -> Prompts:
    """Return every prompt of the folder, each parsed and tried out.

    Raises: Misconfigured naming the file, the line and what to do.
    """
    try:
        found = sorted(path for path in directory.iterdir() if path.suffix == ".md")
    except OSError as error:
        raise Misconfigured(f"the prompts folder {directory} can't be read: {error.strerror or error}") from error
    for path in found:
        _refuse_unknown_file(path)
    return Prompts({task: _load_prompt(directory / f"{task}.md", values) for task, values in _TASKS.items()})


def _refuse_unknown_file(path: Path) -> None:
    if path.stem in _TASKS:
        return
    near = difflib.get_close_matches(path.stem, _TASKS, n=1)
    advice = f"did you mean {near[0]}.md?" if near else f"the prompts are {_listed(f'{task}.md' for task in _TASKS)}"
    raise Misconfigured(f"{path} is no prompt newsbot knows: {advice} Rename or remove it.".replace("? R", "? (r") + ")"
                        if near else f"{path} is no prompt newsbot knows: {advice}; rename or remove it")
