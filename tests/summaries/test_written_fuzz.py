"""Whatever a model writes, reading and checking it ends in a summary, never in an error."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Cost
from bot.ports import Reply
from bot.summaries.written_asking import Kept
from bot.summaries.written_assembly import Origin, assemble
from bot.summaries.written_checks import Judge
from bot.summaries.written_schema import DRAFT_SCHEMA, SUMMARY, Draft, DraftBullet, read_draft
from tests.llm.written_parts import extract, is_instruction, make_article, verify

ARTICLE = make_article()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=20,
)
LINE = st.text(max_size=80) | st.sampled_from([sentence.text for sentence in ARTICLE.sentences])
BULLET = st.fixed_dictionaries(
    {
        "text": LINE | JSON,
        "ids": st.lists(st.integers() | st.sampled_from(["s0", "[s3]", "s99", "x", ""]), max_size=6) | JSON,
        "quote": LINE | JSON,
        "attribution": LINE | st.none() | JSON,
        "status": st.sampled_from(["fact", "claim", "planned", "FACT", "rumour"]) | JSON,
    }
)
REPLY = st.fixed_dictionaries({"headline": LINE | JSON, "bullets": st.lists(BULLET, max_size=6) | JSON})


@settings(max_examples=150, deadline=None)
@given(data=REPLY | st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_any_json_becomes_a_summary_or_a_list_of_problems(data: dict[str, object]) -> None:
    draft = read_draft(Reply(text="", data=data, finish="complete", model="m"), SUMMARY)
    if not isinstance(draft, Draft):
        assert draft
        assert all(isinstance(problem, str) and len(problem) < 400 for problem in draft)
        return
    kept = Kept.model_validate_json(Kept(model="m", draft=draft.model_dump()).model_dump_json())
    assert Draft.model_validate(kept.draft) == draft
    shown = frozenset(sentence.index for sentence in ARTICLE.sentences)
    judge = Judge(article=ARTICLE, shown=shown, verify=verify, is_instruction=is_instruction)
    origin = Origin(model="m", prompt_hash="0", cost=Cost())
    summary = assemble(draft, judge, extract(ARTICLE, 4), bullets=4, origin=origin)
    assert 1 <= len(summary.bullets) <= 4
    assert summary.headline
    for bullet in summary.bullets:
        assert set(bullet.sentences) <= shown
        assert bullet.quote in ARTICLE.body
        assert "\n" not in bullet.text


def test_the_schema_and_the_check_name_the_same_fields() -> None:
    properties = DRAFT_SCHEMA["properties"]
    assert isinstance(properties, dict)
    assert list(properties) == list(Draft.model_fields)
    assert list(properties["bullets"]["items"]["properties"]) == list(DraftBullet.model_fields)


def test_every_property_is_required_and_no_other_allowed_as_strict_mode_wants_it() -> None:
    def check(schema: object) -> None:
        if isinstance(schema, dict):
            if schema.get("type") == "object":
                assert schema["required"] == list(schema["properties"])
                assert schema["additionalProperties"] is False
            for inner in schema.values():
                check(inner)

    check(DRAFT_SCHEMA)
