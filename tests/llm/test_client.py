"""The OpenAI-compatible client against a real server on loopback that behaves in every way servers do."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.errors import Misconfigured, Unavailable
from bot.llm.breaker import Breaker
from bot.llm.client import OpenAIChat
from bot.llm.replies import find_json_object
from bot.ports import ChatMessage, NoAnswer, Reply
from tests.llm.fake_openai import (
    Behaviour,
    FakeOpenAI,
    as_reasoning_model,
    drop,
    empty_choices,
    fails,
    fake_openai,
    hang,
    hang_midway,
    html,
    malformed,
    ok,
    refusal,
    says,
    slow,
    without_json_schema,
)
from tests.llm.written_parts import SettableClock

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False}
ASKED = [ChatMessage(role="system", text="Count."), ChatMessage(role="user", text="One?")]
CANARY = "sk-canary-5e1f0d7c"


async def ask(server: FakeOpenAI, *, timeout_s: float = 5.0, breaker: Breaker | None = None) -> Reply:
    chat = OpenAIChat(base_url=server.base_url, api_key=CANARY, model="m", timeout_s=timeout_s, breaker=breaker)
    try:
        return await chat.complete(ASKED, schema=SCHEMA, max_tokens=50)
    finally:
        await chat.aclose()


async def failure(behaviour: Behaviour, *, timeout_s: float = 5.0) -> Unavailable:
    async with fake_openai(behaviour) as server:
        with pytest.raises(Unavailable) as raised:
            await ask(server, timeout_s=timeout_s)
        assert len(server.requests) == 1, "a failed call is never repeated by the library"
    return raised.value


async def test_a_reply_holds_the_json_the_tokens_and_the_model() -> None:
    async with fake_openai(says('{"a": 1}')) as server:
        reply = await ask(server)
    assert reply.data == {"a": 1}
    assert (reply.finish, reply.tokens_in, reply.tokens_out, reply.model) == ("complete", 900, 300, "m")


async def test_the_request_holds_the_schema_at_temperature_zero_and_no_tools() -> None:
    async with fake_openai(says("{}")) as server:
        await ask(server)
    (body,) = server.requests
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert (body["temperature"], body["max_tokens"]) == (0, 50)
    assert "tools" not in body
    assert [message["role"] for message in body["messages"]] == ["system", "user"]


@pytest.mark.parametrize("behaviour", [hang, hang_midway, slow(3, says("{}"))])
async def test_a_server_that_is_too_slow_is_left_after_our_own_time_out(behaviour: Behaviour) -> None:
    error = await failure(behaviour, timeout_s=0.2)
    assert isinstance(error, NoAnswer)
    assert str(error) == "the LLM did not answer within 0.2 s"


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        (fails(500), "the LLM server failed (HTTP 500)"),
        (fails(503), "the LLM server failed (HTTP 503)"),
        (fails(408), "the LLM server refused the request (HTTP 408)"),
        (fails(409), "the LLM server refused the request (HTTP 409)"),
        (fails(429), "the LLM server is too busy (HTTP 429)"),
        (fails(429, code="insufficient_quota"), "the LLM account has no credit left"),
        (fails(401), "the LLM server refused the API key (HTTP 401)"),
        (fails(404), "the LLM server has no model 'm', or its address lacks /v1 (HTTP 404)"),
        (fails(400, "This model's maximum context length is 8192 tokens"), "the article is too long for the LLM"),
        (fails(400, "no idea"), "the LLM server refused the request (HTTP 400)"),
        (html, "the LLM server sent something that is no answer"),
        (malformed, "the LLM server sent something that is no answer"),
        (empty_choices, "the LLM server sent something that is no answer"),
        (drop, "the LLM server broke off the connection"),
    ],
)
async def test_each_failure_is_told_in_one_sentence_after_one_request(behaviour: Behaviour, sentence: str) -> None:
    assert str(await failure(behaviour)) == sentence


@pytest.mark.parametrize("behaviour", [hang, html, malformed, empty_choices, drop])
async def test_what_may_have_been_charged_is_told_apart(behaviour: Behaviour) -> None:
    assert isinstance(await failure(behaviour, timeout_s=1.0), NoAnswer)


async def test_a_server_that_is_not_there_can_not_be_reached_and_costs_nothing() -> None:
    async with fake_openai(hang) as server:
        pass
    with pytest.raises(Unavailable, match="the LLM server can't be reached") as raised:
        await ask(server)
    assert not isinstance(raised.value, NoAnswer)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("soon", None), ("-3", None), ("9" * 400, None), (None, None)],
)
async def test_retry_after_is_read_in_seconds(header: str | None, seconds: float | None) -> None:
    assert (await failure(fails(429, retry_after=header))).retry_after_s == seconds


async def test_retry_after_is_read_as_a_date() -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    retry_after_s = (await failure(fails(429, retry_after=at))).retry_after_s
    assert retry_after_s is not None
    assert 60 < retry_after_s <= 90


async def test_a_refusal_and_a_truncated_answer_are_returned_because_they_were_paid_for() -> None:
    async with fake_openai(refusal) as server:
        refused = await ask(server)
    async with fake_openai(says('{"a": ', finish="length")) as server:
        truncated = await ask(server)
    assert (refused.finish, refused.data, refused.tokens_out) == ("refused", None, 300)
    assert (truncated.finish, truncated.data) == ("truncated", None)


async def test_a_server_that_counts_no_tokens_is_believed_to_count_none() -> None:
    async with fake_openai(ok(lambda body: "{}", usage=None)) as server:
        reply = await ask(server)
    assert (reply.tokens_in, reply.tokens_out) == (None, None)


@pytest.mark.parametrize(
    "message", ["'response_format' of type 'json_schema' is not supported", "failed to parse grammar"]
)
async def test_a_server_without_json_schema_is_asked_in_the_prompt_and_remembered(message: str) -> None:
    async with fake_openai(without_json_schema(says('{"a": 2}'), message)) as server:
        chat = OpenAIChat(base_url=server.base_url, api_key=None, model="m")
        for _ in range(2):
            assert (await chat.complete(ASKED, schema=SCHEMA, max_tokens=50)).data == {"a": 2}
        await chat.aclose()
    assert ["response_format" in body for body in server.requests] == [True, False, False]
    system, user = server.requests[-1]["messages"]
    assert system["role"] == "system"
    assert system["content"].startswith("Count.")
    assert json.dumps(SCHEMA) in system["content"]
    assert user == {"role": "user", "content": "One?"}


async def test_a_reasoning_model_is_asked_in_its_own_dialect_and_remembered() -> None:
    async with fake_openai(as_reasoning_model(says('{"a": 3}'))) as server:
        chat = OpenAIChat(base_url=server.base_url, api_key="k", model="m")
        for _ in range(2):
            await chat.complete(ASKED, schema=SCHEMA, max_tokens=50)
        await chat.aclose()
    assert len(server.requests) == 4
    assert server.requests[-1]["max_completion_tokens"] == 50
    assert "temperature" not in server.requests[-1]


async def test_a_server_that_refuses_everything_is_not_asked_forever() -> None:
    async with fake_openai(fails(400, "response_format temperature max_completion_tokens reasoning_effort")) as server:
        with pytest.raises(Unavailable):
            await ask(server)
    assert len(server.requests) <= 5


@pytest.mark.parametrize("key", [None, ""])
async def test_a_local_server_needs_no_key(key: str | None) -> None:
    async with fake_openai(says('{"a": 1}')) as server:
        chat = OpenAIChat(base_url=server.base_url, api_key=key, model="m")
        assert (await chat.complete(ASKED, schema=SCHEMA, max_tokens=50)).data == {"a": 1}
        await chat.aclose()


async def test_keys_of_the_environment_never_reach_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    monkeypatch.setenv("OPENAI_ADMIN_KEY", CANARY)
    async with fake_openai(says("{}")) as server:
        chat = OpenAIChat(base_url=server.base_url, api_key=None, model="m")
        await chat.complete(ASKED, schema=SCHEMA, max_tokens=50)
        await chat.aclose()
    assert CANARY not in str(server.headers)


async def test_a_login_in_the_address_is_sent_as_basic_authentication() -> None:
    async with fake_openai(says("{}")) as server:
        address = server.base_url.replace("http://", "http://ada:p%40ss@")
        chat = OpenAIChat(base_url=address, api_key=None, model="m")
        await chat.complete(ASKED, schema=SCHEMA, max_tokens=50)
        await chat.aclose()
    assert server.headers[0]["Authorization"] == f"Basic {base64.b64encode(b'ada:p@ss').decode()}"


async def test_no_more_calls_are_under_way_than_allowed() -> None:
    async with fake_openai(slow(0.1, says("{}"))) as server:
        chat = OpenAIChat(base_url=server.base_url, api_key="k", model="m", parallel_calls=2)
        calls = [asyncio.create_task(chat.complete(ASKED, schema=SCHEMA, max_tokens=5)) for _ in range(6)]
        await asyncio.gather(*calls)
        await chat.aclose()
    assert (len(server.requests), server.most_at_once) == (6, 2)


async def test_five_failures_open_the_breaker_and_then_nothing_is_sent() -> None:
    breaker = Breaker(SettableClock(), failures=5)
    async with fake_openai(fails(500)) as server:
        for _ in range(8):
            with pytest.raises(Unavailable):
                await ask(server, breaker=breaker)
    assert len(server.requests) == 5


@pytest.mark.parametrize("behaviour", [refusal, says("I'd rather talk."), says('{"a": ', finish="length")])
async def test_answers_of_no_use_count_as_failures(behaviour: Behaviour) -> None:
    breaker = Breaker(SettableClock(), failures=2)
    async with fake_openai(behaviour) as server:
        await ask(server, breaker=breaker)
        await ask(server, breaker=breaker)
    assert breaker.state == "open"


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


async def test_calls_wait_out_a_short_retry_after_instead_of_failing() -> None:
    breaker = Breaker(RealClock())
    async with fake_openai([fails(429, retry_after="0.2"), *[says('{"a": 1}')] * 6]) as server:
        chat = OpenAIChat(base_url=server.base_url, api_key="k", model="m", breaker=breaker)
        with pytest.raises(Unavailable):
            await chat.complete(ASKED, schema=SCHEMA, max_tokens=5)
        calls = (chat.complete(ASKED, schema=SCHEMA, max_tokens=5) for _ in range(6))
        assert [reply.data for reply in await asyncio.gather(*calls)] == [{"a": 1}] * 6
        await chat.aclose()


async def test_a_retry_after_longer_than_a_call_may_take_is_not_waited_out_and_nothing_is_sent_before_it() -> None:
    breaker = Breaker(SettableClock())
    async with fake_openai(fails(429, retry_after="60")) as server:
        for _ in range(3):
            with pytest.raises(Unavailable):
                await ask(server, breaker=breaker)
    assert len(server.requests) == 1


async def test_an_article_that_is_too_long_says_nothing_about_the_server() -> None:
    breaker = Breaker(SettableClock(), failures=1)
    async with fake_openai(fails(400, "maximum context length exceeded")) as server:
        with pytest.raises(Unavailable):
            await ask(server, breaker=breaker)
    assert breaker.state == "closed"


async def test_a_cancelled_probe_frees_the_breaker() -> None:
    clock = SettableClock()
    breaker = Breaker(clock, failures=1)
    breaker.failed()
    clock.advance(301)
    async with fake_openai(hang) as server:
        call = asyncio.create_task(ask(server, breaker=breaker))
        await server.arrived.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    breaker.admit()


@pytest.mark.parametrize(
    "address", ["localhost:11434", "ftp://host/v1", "", "http://[broken", "nonsense", "http://h/v1?key=1"]
)
def test_an_address_that_is_none_is_misconfigured(address: str) -> None:
    if not address:
        assert "api.openai.com" in repr(OpenAIChat(base_url=address, api_key="k", model="m"))
        return
    with pytest.raises(Misconfigured, match="must look like"):
        OpenAIChat(base_url=address, api_key="k", model="m")


@pytest.mark.parametrize("names", [("m",), ("other", "m:latest")])
async def test_a_model_that_the_server_lists_is_found(names: tuple[str, ...]) -> None:
    async with fake_openai(html, models=names) as server:
        found = await OpenAIChat(base_url=server.base_url, api_key=CANARY, model="m").find_model()
    assert found == "answers and has 'm'"
    assert server.requests == [], "looking costs nothing"


async def test_a_model_that_the_server_does_not_list_is_misconfigured() -> None:
    async with fake_openai(html, models=("zeta", "alpha")) as server:
        with pytest.raises(Misconfigured, match="has no model 'm'; it has alpha, zeta"):
            await OpenAIChat(base_url=server.base_url, api_key=None, model="m").find_model()


@pytest.mark.parametrize("behaviour", [hang, html, malformed, drop, fails(500), fails(401, f"bad key {CANARY}")])
async def test_a_server_that_can_not_list_its_models_is_unavailable_without_telling_the_key(
    behaviour: Behaviour,
) -> None:
    async with fake_openai(behaviour, models=()) as server:
        chat = OpenAIChat(base_url=server.base_url, api_key=CANARY, model="m", timeout_s=0.5)
        with pytest.raises(Unavailable) as raised:
            await chat.find_model()
    assert CANARY not in everything_about(raised.value)


def everything_about(error: BaseException | None) -> str:
    """Return the error with its causes and contexts, as any log may print them."""
    told = ""
    while error is not None:
        told += "".join(traceback.format_exception(error)) + repr(error) + str(vars(error))
        error = error.__cause__ or error.__context__
    return told


@pytest.mark.parametrize(
    "behaviour",
    [
        fails(401, f"Incorrect API key provided: {CANARY}"),
        fails(500, f"while handling Bearer {CANARY}"),
        fails(400, f"bad header {CANARY}"),
        hang, html, malformed, empty_choices, drop, refusal,
    ],
)  # fmt: skip
async def test_no_secret_is_in_any_error_repr_or_debug_log(
    behaviour: Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    told = ""
    with caplog.at_level(logging.DEBUG):
        async with fake_openai(behaviour) as server:
            address = server.base_url.replace("http://", f"http://user:{CANARY}-2@")
            chat = OpenAIChat(base_url=address, api_key=CANARY, model="m", timeout_s=0.5)
            try:
                told += repr(await chat.complete(ASKED, schema=SCHEMA, max_tokens=50))
            except Unavailable as error:
                told += everything_about(error)
            told += repr(chat)
            await chat.aclose()
        assert server.headers
    told += caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    assert "sk-canary" not in told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}', {"a": 1}),
        ('```json\n{"a": 1}\n```', {"a": 1}),
        ('Sure! Here it is:\n{"a": {"b": 2}}\nAnything else?', {"a": {"b": 2}}),
        ('<think>{"no": 0}</think>{"a": 1}', {"a": 1}),
        ('{"a": "line\nbreak"}', {"a": "line\nbreak"}),
        ('{"a": 1', None),
        ("[1, 2]", None),
        ("", None),
        ("}{", None),
        ("{" * 50_000 + "}" * 50_000, None),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, None),
        ('{"a": ' + "9" * 10_000 + "}", None),
    ],
)
def test_json_is_found_in_whatever_a_model_wraps_it_in(text: str, found: object) -> None:
    assert find_json_object(text) == found
