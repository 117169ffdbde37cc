"""Settings come from many places, and every mistake is named."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.settings import example_env, load_settings, setting_names


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_without_anything_set_the_llm_is_off() -> None:
    assert not load_settings().llm.is_on


def test_a_misspelt_name_is_an_error_that_names_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSBOT_SEED_DIR", "/tmp")
    with pytest.raises(Misconfigured, match="Did you mean NEWSBOT_SEEDS_DIR"):
        load_settings()


def test_a_misspelt_name_in_the_env_file_is_found_too(empty_folder: Path) -> None:
    (empty_folder / ".env").write_text("NEWSBOT_LLM__MODLE=x\n")
    with pytest.raises(Misconfigured, match="NEWSBOT_LLM__MODEL"):
        load_settings()


def test_the_openai_names_people_already_have_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-familiar")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:11434/v1")
    llm = load_settings().llm
    assert llm.is_on
    assert not llm.is_paid
    assert llm.api_key is not None
    assert llm.api_key.get_secret_value() == "sk-familiar"


def test_our_own_name_wins_over_the_familiar_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_MODEL", "theirs")
    monkeypatch.setenv("NEWSBOT_LLM__MODEL", "ours")
    assert load_settings().llm.model == "ours"


@pytest.mark.parametrize("name", ["NEWSBOT_LLM__API_KEY", "newsbot_llm__api_key", "OPENAI_API_KEY", "openai_api_key"])
def test_a_secret_is_read_from_its_file(name: str, empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = empty_folder / "secrets"
    folder.mkdir()
    (folder / name).write_text("sk-from-file\n")
    monkeypatch.setenv("NEWSBOT_SECRETS_DIR", str(folder))
    key = load_settings().llm.api_key
    assert key is not None
    assert key.get_secret_value().strip() == "sk-from-file"


def test_a_wrong_value_is_named_without_being_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSBOT_LLM__MAX_USD_PER_DAY", "sk-canary-value")
    with pytest.raises(Misconfigured) as caught:
        load_settings()
    assert "NEWSBOT_LLM__MAX_USD_PER_DAY" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_digest_times_are_read_from_a_comma_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSBOT_DIGEST__AT", "08:00, 17:30")
    assert load_settings().digest.at == (time(8), time(17, 30))


@pytest.mark.parametrize(("name", "value"), [("AT", "25:00"), ("ZONE", "Mars/Olympus"), ("MAX_ARTICLES", "0")])
def test_a_bad_digest_setting_says_what_it_should_be(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"NEWSBOT_DIGEST__{name}", value)
    with pytest.raises(Misconfigured, match=f"NEWSBOT_DIGEST__{name}.*should be"):
        load_settings()


def test_the_example_file_lists_every_setting_with_its_default(project_root: Path) -> None:
    remedy = "write it anew: python -c 'from bot.settings import *; print(example_env(), end=\"\")' > .env.example"
    assert (project_root / ".env.example").read_text() == example_env(), remedy


def test_private_collections_are_read_from_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSBOT_PRIVATE_COLLECTIONS", "board=discord:1; staff=slack:T1,discord:2")
    assert load_settings().private_collections == {"board": ("discord:1",), "staff": ("slack:T1", "discord:2")}


def test_a_private_collection_without_a_workspace_says_how_to_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSBOT_PRIVATE_COLLECTIONS", "board")
    with pytest.raises(Misconfigured, match="board=discord:123"):
        load_settings()


def test_every_setting_has_a_description() -> None:
    assert all(setting_names().values())


def test_no_secret_shows_in_the_settings_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-repr")
    assert "canary" not in repr(load_settings())


def test_the_shards_of_a_process_are_read_from_a_comma_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSBOT_DISCORD__SHARD_COUNT", "4")
    monkeypatch.setenv("NEWSBOT_DISCORD__SHARD_IDS", "0, 3")
    assert load_settings().discord.shard_ids == (0, 3)


@pytest.mark.parametrize(
    ("count", "ids", "hint"), [(None, "0", "shard_count"), ("4", "1,4", "below"), ("4", "x", "numbers")]
)
def test_shards_that_do_not_fit_are_refused(
    count: str | None, ids: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if count is not None:
        monkeypatch.setenv("NEWSBOT_DISCORD__SHARD_COUNT", count)
    monkeypatch.setenv("NEWSBOT_DISCORD__SHARD_IDS", ids)
    with pytest.raises(Misconfigured, match=hint):
        load_settings()
