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

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.errors import Misconfigured
from bot.ports import ChatMessage

Role = Literal["system", "user"]

# What each task may use, with values to try the template on. Every one without a "?" must be used: a prompt that leaves
# out the article, the language or the mark would go wrong silently.
_TASKS: Mapping[str, Mapping[str, object]] = {
    "summarize": {"article": "[s0] A line.", "language": "English", "nonce": "0a1b", "bullets?": 4, "max_words?": 24},
    "merge": {"notes": "{}", "language": "English", "nonce": "0a1b", "bullets?": 4, "max_words?": 24},
    "story": {"article": "[s0] A line.", "language": "English", "nonce": "0a1b", "max_words?": 24},
    "answer": {"evidence": "[A1.s0] A line.", "language": "English", "nonce": "0a1b", "max_words?": 24},
    "repair": {"problems": ("a problem", "another")},
}
# A prompt of this size would cost more than the articles; such a file was put there by mistake.
_MAX_BYTES = 64_000
_FINGERPRINT_CHARS = 16
_OTHER_FILES = frozenset({"README.md"})
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FRONT_MATTER_KEYS = frozenset({"description"})
# Values are data and nothing is HTML here: no autoescaping.
_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_PART = re.compile(r"^#[ \t]+(system|user)[ \t]*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    role: Role
    template: Template


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    role: Role
    text: str


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
    if path.stem in _TASKS or path.name in _OTHER_FILES:
        return
    near = difflib.get_close_matches(path.stem, _TASKS, n=1)
    hint = f"did you mean {near[0]}.md" if near else f"it knows {', '.join(f'{task}.md' for task in _TASKS)}"
    raise Misconfigured(f"{path} is no prompt of newsbot ({hint}): rename or remove it")


def _load_prompt(path: Path, examples: Mapping[str, object]) -> _Prompt:
    source = _read(path)
    body = _without_front_matter(path, source)
    parts = tuple(_parts(path, body))
    known = {name.removesuffix("?"): value for name, value in examples.items()}
    used = {name for part in parts for name in _check_variables(path, part.text, known)}
    for name in examples:
        if not name.endswith("?") and name not in used:
            raise Misconfigured(f"{path} never uses {{{{ {name} }}}}: the prompt can't work without it, put it in")
    compiled = tuple(_Part(role=part.role, template=_compile(path, part.text)) for part in parts)
    for part in compiled:
        _try_out(path, part.template, known)
    return _Prompt(parts=compiled, digest=hashlib.sha256(source.encode()).hexdigest())


def _read(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise Misconfigured(f"the prompt {path} is missing: put the file back from newsbot's own prompts") from error
    except OSError as error:
        raise Misconfigured(f"the prompt {path} can't be read: {error.strerror or error}") from error
    if len(data) > _MAX_BYTES:
        raise Misconfigured(f"the prompt {path} has {len(data):,} bytes, at most {_MAX_BYTES:,} make sense: shorten it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Misconfigured(f"{path}, line {line}: this is not UTF-8, save the file as UTF-8") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_front_matter(path: Path, source: str) -> str:
    """Return the source with its front matter blanked, so that line numbers stay."""
    found = _FRONT_MATTER.match(source)
    if found is None:
        return source
    for number, line in enumerate(found[1].splitlines(), start=2):
        key = line.partition(":")[0].strip()
        if key and key not in _FRONT_MATTER_KEYS:
            raise Misconfigured(f"{path}, line {number}: the front matter knows only 'description', not '{key}'")
    return "\n" * found[0].count("\n") + source[found.end() :]


def _parts(path: Path, body: str) -> Iterator[_Source]:
    """Yield the system and the user part, each after as many empty lines as stand above it in the file."""
    headings = list(_PART.finditer(body))
    roles = [heading[1].lower() for heading in headings]
    if roles not in (["system", "user"], ["user"]):
        raise Misconfigured(f"{path} needs one line '# User', and before it at most one line '# System'")
    above = body[: headings[0].start()]
    if above.strip():
        line = above[: len(above) - len(above.lstrip())].count("\n") + 1
        raise Misconfigured(f"{path}, line {line}: nothing may stand above the first '# System' or '# User'")
    ends = [heading.start() for heading in headings[1:]] + [len(body)]
    for heading, end in zip(headings, ends, strict=True):
        role: Role = "system" if heading[1].lower() == "system" else "user"
        yield _Source(role=role, text="\n" * body.count("\n", 0, heading.end()) + body[heading.end() : end])


def _check_variables(path: Path, text: str, known: Mapping[str, object]) -> set[str]:
    """Return the names this part takes from outside."""
    try:
        tree = _ENVIRONMENT.parse(text)
        names = meta.find_undeclared_variables(tree)
    except TemplateSyntaxError as error:
        raise _at_line(path, error.lineno, error) from error
    for name in sorted(names - known.keys() - _ENVIRONMENT.globals.keys()):
        line = min(node.lineno for node in tree.find_all(nodes.Name) if node.name == name)
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"this prompt has {', '.join(known)}"
        raise Misconfigured(f"{path}, line {line}: unknown variable '{name}', {hint}")
    return names


def _compile(path: Path, text: str) -> Template:
    try:
        return _ENVIRONMENT.from_string(text)
    except TemplateSyntaxError as error:
        raise _at_line(path, error.lineno, error) from error


def _try_out(path: Path, template: Template, values: Mapping[str, object]) -> None:
    try:
        template.render(values)
    except Exception as error:  # whatever a template does wrong, its author is told where
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"]
        raise _at_line(path, lines[-1] if lines else None, error) from error


def _at_line(path: Path, line: int | None, error: Exception) -> Misconfigured:
    place = f"{path}, line {line}" if line else str(path)
    return Misconfigured(f"{place}: {_one_line(error).rstrip('.')}; correct the template")


def _one_line(error: Exception) -> str:
    said = error.message if isinstance(error, TemplateSyntaxError) else str(error)
    return " ".join((said or type(error).__name__).split())
