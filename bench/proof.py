"""How well the proof tells true claims from false ones, beside a plain check of numbers, names and quotes.

Three kinds of data: summaries whose errors people marked (`faith_*`), sentences copied from articles, which must pass,
and the same sentences with one thing changed, which must not.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.rows import load_rows
from bot.model import Article, Sentence, Verdict
from bot.proof import Source, prepare_source, verify_claim
from bot.summaries.extractive import summarize_article
from bot.text.names import Name, find_names
from bot.text.normalizing import normalize
from bot.text.numbers import find_numbers
from bot.text.sentences import split_sentences

_SEED = 7
_PEER = "numbers, names and quotes only"
# Bullets taken from one article: as many as a summary has.
_BULLETS_AN_ARTICLE = 4
_SHORTEST_BULLET_WORDS = 8
_LONGEST_BULLET_WORDS = 40
_FOREIGN = ("Quillmere", "Vantorp", "Odessa Brankovic", "Heligan Partners", "Tamsin Orfordby", "Kestrel Dynamics")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_NUMERAL = re.compile(r"\d[\d,.]*\d|\d")
_SAYING = r"(?:said|says|told|added|warned|argued|claimed|insisted|announced|admitted)"
_GOALS = {
    "foreign entity": 1.0,
    "entity from elsewhere": 0.81,
    "new number": 0.96,
    "number from elsewhere": 0.80,
    "negation added": 0.89,
    "negation dropped": None,
    "weekday or month": 0.97,
    "attribution swap": 0.85,
    "role swap": 0.90,
    "hedge dropped": 0.80,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A bullet copied from an article, or changed; `cited` is the sentence it was copied from."""

    text: str
    cited: int
    article: int
    kind: str = "clean"


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return the figures measured on at most `limit` rows of each set under `eval_dir`."""
    return [
        *_measure_spans(load_rows(eval_dir, "faith_spans", limit)),
        *_measure_balanced(load_rows(eval_dir, "faith_summedits_news", limit), "faith_summedits_news", "summary", 0.72),
        *_measure_balanced(load_rows(eval_dir, "faith_qags", limit), "faith_qags", "sentence", None),
        *_measure_bullets([_sentences(row["doc"]) for row in _news(eval_dir, limit)]),
        _measure_summaries([_sentences(row["doc"]) for row in _news(eval_dir, limit)]),
        *_measure_korean([row["sentences"] for row in load_rows(eval_dir, "sum_ko_scinews", limit)]),
    ]


def check_plainly(claim: str, source: PlainSource) -> bool:
    """Return whether every number, name and long quote of the claim occurs in the document."""
    numbers = all(number.value in source.numbers for number in find_numbers(claim))
    names = all(
        word in source.words
        for name in find_names(claim)
        if name.certain
        for word in re.findall(r"\w+", name.text.lower())
    )
    quotes = all(_letters(quote) in source.letters for quote in re.findall(r'["“]([^"“”]{12,})["”]', claim))
    return numbers and names and quotes


class PlainSource:
    """What the plain check looks claims up in."""

    def __init__(self, text: str) -> None:
        self.numbers = {number.value for number in find_numbers(text)}
        self.words = set(re.findall(r"\w+", text.lower()))
        self.letters = _letters(text)


def mutate(bullets: list[Claim], articles: list[list[str]], chance: random.Random) -> Iterator[Claim]:
    """Yield each bullet with one thing changed, once for every kind of change that it allows."""
    changes: dict[str, Callable[[str, list[str], random.Random], str | None]] = {
        "foreign entity": _put_foreign_name,
        "entity from elsewhere": _put_other_name,
        "new number": _put_new_number,
        "number from elsewhere": _put_other_number,
        "negation added": _add_negation,
        "negation dropped": _drop_negation,
        "weekday or month": _put_other_day,
        "attribution swap": _put_other_speaker,
        "role swap": _swap_names,
        "hedge dropped": _drop_hedge,
    }
    for bullet in bullets:
        for kind, change in changes.items():
            text = change(bullet.text, articles[bullet.article], chance)
            if text and text != bullet.text:
                yield Claim(text=text, cited=bullet.cited, article=bullet.article, kind=kind)


def _measure_spans(rows: list[dict[str, Any]]) -> list[Figure]:
    rows = [row for row in rows if row["source"] == "CLIFF"]
    invented = [row for row in rows if "extrinsic-NP" in row["error_types"]]
    clean = [row for row in rows if row["origin"] == "cnndm" and row["supported"]]
    figures = []
    for metric, chosen, goal, higher in (
        ("invented noun phrase recall", invented, 0.97, True),
        ("CNN/DM false alarm", clean, 0.10, False),
    ):
        ours = [not _verify(row["doc"], row["summary"]).supported for row in chosen]
        peer = [not check_plainly(row["summary"], PlainSource(row["doc"])) for row in chosen]
        figures.append(
            Figure(
                data="faith_spans",
                metric=metric,
                ours=_mean(ours),
                goal=goal,
                peer=_mean(peer),
                peer_name=_PEER,
                higher_is_better=higher,
            )
        )
    return figures


def _measure_balanced(rows: list[dict[str, Any]], data: str, field: str, goal: float | None) -> list[Figure]:
    truth = [bool(row["supported"]) for row in rows]
    verdicts = [_verify(row["doc"], row[field]) for row in rows]
    plain = [check_plainly(row[field], PlainSource(row["doc"])) for row in rows]
    return [
        Figure(
            data=data,
            metric="balanced accuracy",
            ours=_balanced(truth, [verdict.supported for verdict in verdicts]),
            goal=goal,
            peer=_balanced(truth, plain),
            peer_name=_PEER,
        ),
        Figure(data=data, metric="AUC of score", ours=_auc(truth, [verdict.score for verdict in verdicts])),
    ]


def _measure_bullets(articles: list[list[str]]) -> list[Figure]:
    chance = random.Random(_SEED)
    sources = [prepare_source(article) for article in articles]
    bullets = [bullet for index, article in enumerate(articles) for bullet in _bullets(article, index)]
    figures = []
    for copied in (False, True):
        alarms = [not _judge(bullet, sources, copied=copied).supported for bullet in bullets]
        figures.append(
            Figure(
                data="copied sentences",
                metric=f"false alarm{', with order check' if copied else ''}",
                ours=_mean(alarms),
                goal=0.03,
                higher_is_better=False,
                note=f"{len(bullets)} bullets",
            )
        )
    plain = [PlainSource(" ".join(article)) for article in articles]
    caught: dict[str, list[bool]] = defaultdict(list)
    caught_plainly: dict[str, list[bool]] = defaultdict(list)
    for claim in mutate(bullets, articles, chance):
        verdict = _judge(claim, sources, copied=claim.kind == "role swap")
        caught[claim.kind].append(_is_caught(verdict, claim.kind))
        caught_plainly[claim.kind].append(not check_plainly(claim.text, plain[claim.article]))
    for kind, goal in _GOALS.items():
        figures.append(
            Figure(
                data="changed sentences",
                metric=kind,
                ours=_mean(caught[kind]),
                goal=goal,
                peer=_mean(caught_plainly[kind]),
                peer_name=_PEER,
                note=f"{len(caught[kind])} changed",
            )
        )
    figures.append(_measure_speed(bullets, sources))
    return figures


def _measure_summaries(articles: list[list[str]]) -> Figure:
    """Return how many of our own extractive bullets, cut and completed as they are, raise an alarm."""
    alarms = []
    for sentences in articles:
        source = prepare_source(sentences)
        for bullet in summarize_article(_article(sentences)).bullets:
            verdict = verify_claim(
                bullet.text, source, cited=bullet.sentences, attribution=bullet.attribution, copied=True
            )
            alarms.append(not verdict.supported)
    return Figure(
        data="extractive bullets",
        metric="false alarm, with order check",
        ours=_mean(alarms),
        goal=0.03,
        higher_is_better=False,
        note=f"{len(alarms)} bullets",
    )


def _article(texts: list[str]) -> Article:
    sentences: list[Sentence] = []
    start = 0
    for index, text in enumerate(texts):
        sentences.append(Sentence(index=index, text=text, start=start, end=start + len(text), paragraph=index))
        start += len(text) + 2
    return Article(id="a", version="1", path="a", language="en", body="\n\n".join(texts), sentences=tuple(sentences))


def _measure_speed(bullets: list[Claim], sources: list[Source]) -> Figure:
    started = time.process_time()
    for bullet in bullets:
        _judge(bullet, sources, copied=True)
    spent = time.process_time() - started
    return Figure(
        data="copied sentences",
        metric="CPU time a claim",
        ours=1000 * spent / max(1, len(bullets)),
        goal=1.0,
        unit="ms",
        higher_is_better=False,
    )


def _measure_korean(articles: list[list[str]]) -> list[Figure]:
    sources = [prepare_source(article) for article in articles]
    bullets = [
        Claim(text=text, cited=place, article=index)
        for index, article in enumerate(articles)
        for place, text in enumerate(article)
        if len(text) > 20
    ]
    alarms = [not _judge(bullet, sources, copied=True).supported for bullet in bullets]
    changed = [
        Claim(text=text, cited=bullet.cited, article=bullet.article)
        for bullet in bullets
        if (text := _other_first_number(bullet.text)) != bullet.text
    ]
    caught = [not _judge(claim, sources, copied=True).supported for claim in changed]
    return [
        Figure(
            data="sum_ko_scinews",
            metric="false alarm on copied sentences",
            ours=_mean(alarms),
            goal=0.03,
            higher_is_better=False,
            note=f"{len(bullets)} sentences",
        ),
        Figure(
            data="sum_ko_scinews", metric="new number", ours=_mean(caught), goal=0.96, note=f"{len(changed)} changed"
        ),
    ]


def _other_first_number(text: str) -> str:
    return re.sub(r"\d+", lambda match: str(int(match.group()[:6]) * 3 + 7), text, count=1)


def _judge(claim: Claim, sources: list[Source], *, copied: bool) -> Verdict:
    return verify_claim(claim.text, sources[claim.article], cited=[claim.cited], copied=copied)


def _is_caught(verdict: Verdict, kind: str) -> bool:
    if kind == "hedge dropped":
        return bool(verdict.problems)
    return not verdict.supported


def _bullets(article: list[str], index: int) -> list[Claim]:
    fit = [
        Claim(text=text, cited=place, article=index)
        for place, text in enumerate(article)
        if _SHORTEST_BULLET_WORDS <= len(text.split()) <= _LONGEST_BULLET_WORDS
    ]
    return fit[:_BULLETS_AN_ARTICLE]


def _name_in(text: str, chance: random.Random) -> Name | None:
    names = [name for name in find_names(text) if name.certain]
    return chance.choice(names) if names else None


def _put_foreign_name(text: str, article: list[str], chance: random.Random) -> str | None:
    name = _name_in(text, chance)
    return text[: name.start] + chance.choice(_FOREIGN) + text[name.end :] if name else None


def _other_names(text: str, article: list[str]) -> list[str]:
    """Return the names of the article that share no word with the text."""
    here = set(re.findall(r"\w+", text.lower()))
    names = (name.text for sentence in article for name in find_names(sentence) if name.certain)
    return sorted({name for name in names if not here & set(re.findall(r"\w+", name.lower()))})


def _put_other_name(text: str, article: list[str], chance: random.Random) -> str | None:
    name, others = _name_in(text, chance), _other_names(text, article)
    return text[: name.start] + chance.choice(others) + text[name.end :] if name and others else None


def _put_new_number(text: str, article: list[str], chance: random.Random) -> str | None:
    known = {number.value for sentence in article for number in find_numbers(sentence)}
    found = list(re.finditer(r"\d+", text))
    if not found:
        return None
    match = chance.choice(found)
    value = int(match.group()[:9])
    while str(value) in known:
        value += chance.randint(1, max(3, value))
    return text[: match.start()] + str(value) + text[match.end() :]


def _put_other_number(text: str, article: list[str], chance: random.Random) -> str | None:
    here = set(_NUMERAL.findall(text))
    others: list[str] = sorted({value for sentence in article for value in _NUMERAL.findall(sentence)} - here)
    found = list(_NUMERAL.finditer(text))
    if not found or not others:
        return None
    match = chance.choice(found)
    return text[: match.start()] + chance.choice(others) + text[match.end() :]


def _add_negation(text: str, article: list[str], chance: random.Random) -> str | None:
    found = list(re.finditer(r"\b(?:is|are|was|were|has|have|had|will|would|could|should)\b(?! not|n't)", text))
    if not found:
        return None
    match = chance.choice(found)
    return f"{text[: match.end()]} not{text[match.end() :]}"


def _drop_negation(text: str, article: list[str], chance: random.Random) -> str | None:
    return re.sub(r" not\b|n't\b|\bnever ", "", text, count=1)


def _put_other_day(text: str, article: list[str], chance: random.Random) -> str | None:
    found = re.search(rf"\b(?:{'|'.join(_DAYS + _MONTHS)})\b", text)
    if not found:
        return None
    kin = _DAYS if found.group() in _DAYS else _MONTHS
    return text[: found.start()] + chance.choice([day for day in kin if day != found.group()]) + text[found.end() :]


def _put_other_speaker(text: str, article: list[str], chance: random.Random) -> str | None:
    people = [name for name in _other_names(text, article) if 1 < len(name.split()) < 4]
    for name in find_names(text):
        says = re.match(rf" {_SAYING}\b", text[name.end :]) or re.search(rf"\b{_SAYING} $", text[: name.start])
        if says and people:
            return text[: name.start] + chance.choice(people) + text[name.end :]
    return None


def _swap_names(text: str, article: list[str], chance: random.Random) -> str | None:
    names = [name for name in find_names(text) if name.certain]
    if len(names) < 2:
        return None
    first, second = sorted(chance.sample(names, 2), key=lambda name: name.start)
    if first.text in second.text or second.text in first.text:
        return None
    return text[: first.start] + second.text + text[first.end : second.start] + first.text + text[second.end :]


def _drop_hedge(text: str, article: list[str], chance: random.Random) -> str | None:
    changed = re.sub(r"\b(?:may|might|could) (?=be\b|have\b|[a-z]+\b)", "will ", text, count=1)
    if changed != text:
        return changed
    hedges = r"\b(?:reportedly|allegedly|possibly|probably|likely|suspected|alleged|apparently) "
    return re.sub(hedges, "", text, count=1)


def _verify(document: str, claim: str) -> Verdict:
    return verify_claim(_untokenize(claim), prepare_source(_sentences(document)))


def _sentences(document: str) -> list[str]:
    text = _untokenize(normalize(document))
    return [text[start:end] for start, end in split_sentences(text)]


def _untokenize(text: str) -> str:
    """Return text written with spaces round its punctuation (as some of the sets are) as people write it."""
    text = text.replace("` `", '"').replace("``", '"').replace("' '", '"').replace("''", '"').replace(" n't", "n't")
    text = text.replace("-LRB-", "(").replace("-RRB-", ")").replace("- -", "--")
    text = re.sub(r"(\d),\s(?=\d{3}\b)", r"\1,", text)
    text = re.sub(r" ([,.;:?!%)\]])", r"\1", text)
    text = re.sub(r"([(\[$£€]) ", r"\1", text)
    text = re.sub(r" '(s|re|ve|ll|d|m)\b", r"'\1", text)
    return re.sub(r"(\w) - (?=\w)", r"\1-", text)


def _news(eval_dir: Path, limit: int | None) -> list[dict[str, Any]]:
    return load_rows(eval_dir, "sum_writers", limit) + load_rows(eval_dir, "sum_cnndm", limit)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())


def _mean(values: list[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def _balanced(truth: list[bool], said: list[bool]) -> float:
    """Return the mean of the shares of supported and of unsupported claims that were told rightly."""
    right = Counter((real, real == given) for real, given in zip(truth, said, strict=True))
    shares = [right[real, True] / max(1, right[real, True] + right[real, False]) for real in (True, False)]
    return sum(shares) / 2


def _auc(truth: list[bool], scores: list[float]) -> float:
    """Return how often a supported claim scores above an unsupported one, ties half."""
    good = [score for real, score in zip(truth, scores, strict=True) if real]
    bad = [score for real, score in zip(truth, scores, strict=True) if not real]
    wins = sum((one > other) + 0.5 * (one == other) for one in good for other in bad)
    return wins / max(1, len(good) * len(bad))


def _print(figures: list[Figure]) -> None:
    for figure in figures:
        peer = "" if figure.peer is None else f"  peer {figure.peer:.3f}"
        goal = "" if figure.goal is None else f"  goal {figure.goal:.2f}"
        print(f"{figure.data:22} {figure.metric:36} {figure.ours:.3f}{goal}{peer}  {figure.note}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("eval_dir", type=Path)
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    _print(measure(arguments.eval_dir, limit=arguments.limit))
