"""What the tests of the LLM path share: articles of our own, ports kept in memory, and a writer over a fake server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.llm.breaker import Breaker
from bot.llm.client import OpenAIChat
from bot.llm.prompts import load_prompts
from bot.model import Article, Bullet, Problem, Sentence, Summary, Verdict
from bot.proof import prepare_source, verify_claim
from bot.summaries import instructions
from bot.summaries.budget import Budget, Prices
from bot.summaries.extractive import summarize_article
from bot.summaries.written import LlmWriter
from bot.text.numbers import find_numbers
from bot.text.words import content_terms

PROMPTS = Path(__file__).parents[2] / "prompts"
PRICES = Prices(usd_per_million_in=1.0, usd_per_million_out=4.0)

PARAGRAPHS = (
    "The harbour bridge at Vellmouth will close for 14 weeks from March. The council approved the repair on Tuesday.",
    "Engineers found 212 cracked bolts in the northern span. Mayor Ada Quill called the damage serious.",
    "Ferries will carry passengers across the bay every 20 minutes. The service costs 3 million crowns.",
    "The operator Norrland Lines has hired 45 new sailors. Shop owners fear that fewer visitors will come.",
    "The bridge was opened in 1931 by Queen Odila. The deck carries 18,000 cars a day.",
)


class SettableClock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.time = datetime(2031, 5, 4, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class MemoryLedger:
    """A ledger of spend in memory."""

    def __init__(self) -> None:
        self.days: dict[str, tuple[int, float]] = {}

    async def reserve(self, day: str, tokens: int, usd: float, *, max_tokens: int, max_usd: float) -> bool:
        spent_tokens, spent_usd = self.days.get(day, (0, 0.0))
        if spent_tokens + tokens > max_tokens or spent_usd + usd > max_usd:
            return False
        self.days[day] = (spent_tokens + tokens, spent_usd + usd)
        return True

    async def settle(self, day: str, tokens: int, usd: float) -> None:
        spent_tokens, spent_usd = self.days.get(day, (0, 0.0))
        self.days[day] = (spent_tokens + tokens, spent_usd + usd)

    async def spent(self, day: str) -> tuple[int, float]:
        return self.days.get(day, (0, 0.0))


class MemoryCache:
    """A reply cache in memory."""

    def __init__(self) -> None:
        self.replies: dict[str, str] = {}

    async def cached_reply(self, key: str) -> str | None:
        return self.replies.get(key)

    async def cache_reply(self, key: str, reply: str) -> None:
        self.replies[key] = reply


def make_article(
    paragraphs: Sequence[str] = PARAGRAPHS,
    *,
    title: str | None = "Bridge to close",
    language: str = "en",
    name: str = "a",
) -> Article:
    """Return an article of these paragraphs, cut into sentences at ". " alone."""
    body = "\n\n".join(paragraphs)
    sentences: list[Sentence] = []
    start = 0
    for number, paragraph in enumerate(paragraphs):
        for piece in paragraph.replace(". ", ".\0").split("\0"):
            begin = body.index(piece, start)
            start = begin + len(piece)
            sentences.append(Sentence(index=len(sentences), text=piece, start=begin, end=start, paragraph=number))
    return Article(
        id=name,
        version=f"version of {body!r}",
        path=f"{name}.txt",
        title=title,
        body=body,
        language=language,
        sentences=tuple(sentences),
    )


def verify(claim: str, article: Article, ids: Sequence[int], attribution: str | None) -> Verdict:
    """Prove by content terms and numbers alone: enough to tell a copy from an invention."""
    source = " ".join(article.sentences[index].text for index in ids)
    stated = {number.value for number in find_numbers(source)}
    problems = tuple(
        Problem(kind="number", text=number.text) for number in find_numbers(claim) if number.value not in stated
    )
    wanted = set(content_terms(claim, article.language))
    score = len(wanted & set(content_terms(source, article.language))) / len(wanted) if wanted else 0.0
    return Verdict(supported=not problems, score=score, problems=problems)


def extract(article: Article, bullets: int) -> Summary:
    """Extract the first sentence of each paragraph that gives no order."""
    heads = {sentence.paragraph: sentence for sentence in reversed(article.sentences)}
    chosen = [heads[number] for number in sorted(heads) if not is_instruction(heads[number].text)][:bullets]
    return Summary(
        article_id=article.id,
        version=article.version,
        headline=article.title or chosen[0].text,
        bullets=tuple(Bullet(text=one.text, sentences=(one.index,), quote=one.text) for one in chosen),
        writer="extractive",
        headline_derived=article.title is None,
    )


def is_instruction(text: str) -> bool:
    """Tell the orders of the tests' hostile paragraphs."""
    lowered = text.lower()
    return any(order in lowered for order in ("ignore", "system:", "you must", "disregard", "append"))


def prove(claim: str, article: Article, ids: Sequence[int], attribution: str | None) -> Verdict:
    """Prove with the real proof, as the app does."""
    source = prepare_source([sentence.text for sentence in article.sentences], title=article.title)
    return verify_claim(claim, source, cited=ids, attribution=attribution)


def summarize(article: Article, bullets: int) -> Summary:
    """Extract with the real extractive summarizer, as the app does."""
    return summarize_article(article, bullets=bullets)


class Bench:
    """A writer over one server, with everything it stands on within reach."""

    def __init__(
        self,
        base_url: str,
        *,
        key: str | None = "sk-test",
        timeout_s: float = 5.0,
        breaker_failures: int | None = None,
        max_tokens_per_day: int | None = None,
        max_usd_per_day: float | None = None,
        max_input_tokens: int = 12_000,
        language: str | None = None,
        parallel_calls: int = 4,
        cache: MemoryCache | None = None,
        with_real_parts: bool = False,
    ) -> None:
        self.clock = SettableClock()
        self.ledger = MemoryLedger()
        self.cache = cache or MemoryCache()
        self.breaker = Breaker(self.clock, failures=breaker_failures or 1)
        self.budget = Budget(
            self.ledger, self.clock, PRICES, max_tokens_per_day=max_tokens_per_day, max_usd_per_day=max_usd_per_day
        )
        self.chat = OpenAIChat(
            base_url=base_url,
            api_key=key,
            model="fake-1",
            timeout_s=timeout_s,
            breaker=self.breaker if breaker_failures else None,
            parallel_calls=parallel_calls,
        )
        self.writer = LlmWriter(
            chat=self.chat,
            prompts=load_prompts(PROMPTS),
            budget=self.budget,
            cache=self.cache,
            verify=prove if with_real_parts else verify,
            extract=summarize if with_real_parts else extract,
            is_instruction=instructions.is_instruction if with_real_parts else is_instruction,
            language=language,
            max_input_tokens=max_input_tokens,
            parallel_calls=parallel_calls,
        )

    async def __aenter__(self) -> Bench:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.chat.aclose()

    def spent(self) -> tuple[int, float]:
        return self.ledger.days.get(self.clock.now().date().isoformat(), (0, 0.0))
