"""The command line: arguments in, exit codes out. Everything heavy is imported inside the command that needs it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.app.ending import DONE, NOT_ALIVE, finish, refuse, run_to_end

DEFAULT_HITS = 10

cli = typer.Typer(
    name="newsbot",
    help="Reads a folder of news files and tells what is new, with proof for every line.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Paths = Annotated[list[Path], typer.Argument(help="Files or folders.", show_default=False)]
Words = Annotated[list[str], typer.Argument(help="As typed in a channel.", show_default=False)]
MaybeWords = Annotated[list[str] | None, typer.Argument(help="As typed in a channel.", show_default=False)]
Channel = Annotated[
    str | None, typer.Option(help="For this channel, discord:SERVER:CHANNEL; else for the terminal's own digest.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Seeds = Annotated[Path | None, typer.Option(help="Read this file or folder instead of the archive.")]


@cli.command()
def run() -> None:
    """Run the bot: watch the folder, summarize, tell a digest at its times."""
    from bot.app.building import start
    from bot.app.running import run_bot

    finish(run_bot(start()))


@cli.command()
def work() -> None:
    """Read, summarize and sort beside other processes; start as many as there are processors (PostgreSQL)."""
    from bot.app.building import start
    from bot.app.running import run_worker

    finish(run_worker(start()))


@cli.command()
def post() -> None:
    """Serve Discord and Slack beside other processes, or stand by for the one that does (PostgreSQL)."""
    from bot.app.building import start
    from bot.app.running import run_poster

    finish(run_poster(start()))


@cli.command()
def web() -> None:
    """Serve the web page alone, beside other processes (PostgreSQL)."""
    from bot.app.building import start
    from bot.app.running import run_page

    finish(run_page(start()))


@cli.command()
def digest(
    words: MaybeWords = None,
    seeds: Seeds = None,
    json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Markdown, to paste anywhere.")] = False,
    proof: Annotated[bool, typer.Option("--proof", help="Print the sentences each line rests on.")] = False,
    since: Annotated[str | None, typer.Option(help="Tell again from here: 24h, 7d, 2026-05-03 or all.")] = None,
) -> None:
    """Print the digest of now: what came in since the last one."""
    from bot.app.answering import digest_of_folder, digest_of_now
    from bot.app.building import start
    from bot.platforms.terminal.printing import DigestForm

    if words:
        if json or markdown or proof or since or seeds:
            refuse("Use either words as typed in a channel (since:7d topic:harbour) or options.")
        _answer("digest", words)
    if json and markdown:
        refuse("Choose one of --json and --markdown.")
    form = DigestForm(json=json, markdown=markdown, proof=proof)
    settings = start()
    finish(digest_of_folder(settings, seeds, form) if seeds else digest_of_now(settings, since, form))


@cli.command()
def read(paths: Paths, json: Json = False) -> None:
    """Show what is read from files: title, date, sentences, and every line taken out with its reason."""
    from bot.app import answering
    from bot.app.building import start

    finish(answering.read_files(start(), paths, as_json=json))


@cli.command()
def stories(paths: Paths, json: Json = False) -> None:
    """Show which articles tell of one event, which events belong together, and which texts are copies."""
    from bot.app import answering
    from bot.app.building import start

    finish(answering.sort_files(start(), paths, as_json=json))


@cli.command()
def summarize(
    paths: Paths,
    json: Json = False,
    bullets: Annotated[int | None, typer.Option(min=1, max=10, help="Bullets an article.")] = None,
    writer: Annotated[str, typer.Option(help="extractive or llm.")] = "extractive",
) -> None:
    """Summarize files without keeping them."""
    from bot.app import answering
    from bot.app.building import start

    if writer not in ("extractive", "llm"):
        refuse(f"There is no writer {writer!r}; use extractive or llm.")
    finish(answering.summarize_files(start(), paths, as_json=json, bullets=bullets, use_llm=writer == "llm"))


@cli.command()
def verify(
    file: Annotated[Path, typer.Argument(help="Lines of {article, claim, sentences?: [ids]}; - is standard input.")],
    json: Json = False,
) -> None:
    """Check claims against the articles they speak of."""
    from bot.platforms.terminal.verifying import print_verdicts

    raise typer.Exit(print_verdicts(file, as_json=json))


@cli.command()
def search(
    words: Annotated[list[str] | None, typer.Argument(help="What to look for.", show_default=False)] = None,
    json: Json = False,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Articles at most.")] = DEFAULT_HITS,
    seeds: Seeds = None,
    batch: Annotated[Path | None, typer.Option(help="Lines of {id, query}; answers {id, hits} in order.")] = None,
) -> None:
    """Find articles, best first."""
    from bot.app import answering
    from bot.app.building import start

    if bool(words) == (batch is not None):
        refuse("Say which words to search for, or name a file with --batch.")
    finish(answering.search(start(), " ".join(words or ()), batch=batch, seeds=seeds, limit=k, as_json=json))


@cli.command()
def ask(
    words: Annotated[list[str] | None, typer.Argument(help="The question.", show_default=False)] = None,
    json: Json = False,
    seeds: Seeds = None,
    batch: Annotated[
        Path | None, typer.Option(help="Lines of {id, question, context?: [earlier questions]}; answers in order.")
    ] = None,
) -> None:
    """Answer a question from what was read, every sentence with its source."""
    from bot.app import answering
    from bot.app.building import start

    if bool(words) == (batch is not None):
        refuse("Ask a question, or name a file with --batch.")
    if words and not json and seeds is None:
        _answer("ask", words)
    finish(answering.ask(start(), " ".join(words or ()), batch=batch, seeds=seeds, as_json=json))


@cli.command()
def story(words: Words) -> None:
    """Show one story: its bullets, its proof and who else told it."""
    _answer("story", words)


@cli.command()
def timeline(
    words: Annotated[
        list[str], typer.Argument(help="As typed in a channel; with --topic, files or folders.", show_default=False)
    ],
    topic: Annotated[str | None, typer.Option(help="What the timeline of the files is about.")] = None,
    since: Annotated[str | None, typer.Option(help="First day, 2026-05-03; with --topic.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, 2026-06-30; with --topic.")] = None,
    k: Annotated[int | None, typer.Option("-k", min=1, max=1000, help="Days at most; with --topic.")] = None,
    json: Json = False,
) -> None:
    """Show what happened when, as the articles date it; plans are marked."""
    if topic is None:
        if json or since or until or k:
            refuse("Say with --topic what the timeline of these files is about.")
        _answer("timeline", words)
    from bot.app.building import start
    from bot.app.dating import timeline_of_files

    paths = [Path(word) for word in words]
    finish(timeline_of_files(start(), paths, topic=topic, since=since, until=until, k=k, as_json=json))


@cli.command()
def article(words: Words) -> None:
    """Show one article: its text, its file (view:raw), or every line taken out and why (view:removed)."""
    _answer("article", words)


@cli.command()
def why(words: Words) -> None:
    """Say how an article was ordered, merged or left out."""
    _answer("why", words)


@cli.command()
def schedule(words: MaybeWords = None, channel: Channel = None) -> None:
    """Set when digests come: add, list, pause, resume, remove, preview; `newsbot help schedule` explains each."""
    _answer("schedule", words, channel)


@cli.command("filter")
def filter_(words: MaybeWords = None, channel: Channel = None) -> None:
    """Set which words and sources digests tell of: include, exclude, list."""
    _answer("filter", words, channel)


@cli.command("help")
def help_(words: MaybeWords = None) -> None:
    """Show what can be asked in a channel and here, or explain one command."""
    _answer("help", words)


@cli.command()
def status(
    json: Json = False,
    alive: Annotated[bool, typer.Option("--alive", help="Only say, by the exit code, whether the bot runs.")] = False,
) -> None:
    """Show what was read, what could not be read and why, what the LLM cost, and the next digest."""
    if alive:
        from bot.app.building import pulse_file, start
        from bot.jobs.pulse import is_alive

        raise typer.Exit(DONE if is_alive(pulse_file(start())) else NOT_ALIVE)
    from bot.app import answering
    from bot.app.building import start

    finish(answering.show_status(start(), as_json=json))


@cli.command()
def fetch(json: Json = False) -> None:
    """Look at the feeds of feeds.opml once and write what is new into the watched folder."""
    from bot.app.building import start
    from bot.app.fetching import fetch_now

    finish(fetch_now(start(), as_json=json))


@cli.command()
def check() -> None:
    """Say what works, what doesn't, and what to do about it."""
    from bot.app.checking import check_all

    finish(check_all())


@cli.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write; it must not exist.")]) -> None:
    """Write a copy of the archive, also while the bot runs."""
    from bot.app import answering
    from bot.app.building import start

    finish(answering.back_up(start(), file))


@cli.command()
def migrate(
    source: Annotated[str, typer.Option("--from", help="Address of the archive: sqlite:///data/newsbot.db.")],
    target: Annotated[str, typer.Option("--to", help="Address of an empty database: postgresql://user@host/name.")],
) -> None:
    """Move an archive to another database; interrupted, it goes on where it stopped."""
    from bot.app.moving import move

    finish(move(source, target))


@cli.command()
def restore(file: Annotated[Path, typer.Argument(help="A backup made by `newsbot backup`.")]) -> None:
    """Make a backup the archive; the archive that was there is kept beside it. The bot must not run."""
    from bot.app.building import start
    from bot.app.keeping import restore as put_back

    finish(put_back(start(), file))


@cli.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="The file to write; without one, standard output.")] = None,
    since: Annotated[str | None, typer.Option(help="What came in from here on: 24h, 7d, 2026-05-03 or all.")] = None,
) -> None:
    """Write every article with its summary and story, and every digest, as JSON lines; also while the bot runs."""
    from bot.app.building import start
    from bot.app.keeping import export as write_out

    finish(write_out(start(), file, since=since))


def main() -> NoReturn:
    """Run the command line and leave with its exit code."""
    run_to_end(cli)


def _answer(name: str, words: list[str] | None, channel: str | None = None) -> NoReturn:
    from bot.app.answering import answer_command
    from bot.app.building import start

    finish(answer_command(start(), (name, *(words or ())), channel=channel))


if __name__ == "__main__":
    main()
