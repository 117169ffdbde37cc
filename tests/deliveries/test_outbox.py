"""What becomes of a post: every outcome, and every sequence of outcomes a hostile platform can think of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deliveries.outbox import (
    GIVE_UP_S,
    LONGEST_ATTEMPT_S,
    NONCE_WINDOW_S,
    REFUSED_AGAIN_S,
    after_attempt,
    can_repeat_nonce,
    claimed,
    held_back,
    in_doubt,
    marker_of,
    post_again,
    posts_of_message,
    settle,
)
from bot.deliveries.reconciling import ABSENCE_S, PATIENCE_S, resolve
from bot.model import Destination, Platform, Post, PostState
from bot.ports import Absent, Ambiguous, Limited, Posted, PostOutcome, Refused, Unreadable

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
NEWS = Destination(platform="discord", workspace="guild", channel="news")
SLACK = replace(NEWS, platform="slack")
AMBIGUOUS = Ambiguous(reason="time-out")
BAD_FORMAT = Refused(reason="bad layout", scope="format")
NO_CHANNEL = Refused(reason="unknown channel", scope="channel")


class StillClock:
    """Always tells the same time."""

    def now(self) -> datetime:
        """Return NOW."""
        return NOW


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def pending(to: Destination = NEWS) -> Post:
    [post] = posts_of_message(["{}"], to, batch="b", clock=StillClock())
    return post


def sending(to: Destination = NEWS) -> Post:
    return claimed(pending(to), NOW)


def unknown(to: Destination = NEWS) -> Post:
    return after_attempt(sending(to), AMBIGUOUS, NOW)


def test_the_same_message_always_gets_the_same_ids_and_nonces() -> None:
    first, again = (posts_of_message(["a", "b"], NEWS, batch="7", clock=StillClock()) for _ in range(2))
    assert first == again
    assert [(post.part, post.parts, post.payload) for post in first] == [(1, 2, "a"), (2, 2, "b")]
    assert {post.marker for post in first} == {marker_of(NEWS, batch="7")}


def test_every_part_batch_and_destination_has_a_nonce_of_its_own_that_discord_takes() -> None:
    posts = [
        post
        for to in (NEWS, SLACK, replace(NEWS, channel="b"))
        for batch in ("7", "8")
        for post in posts_of_message(["a", "a"], to, batch=batch, clock=StillClock())
    ]
    assert len({post.nonce for post in posts}) == len({post.id for post in posts}) == 12
    assert max(len(post.nonce) for post in posts) <= 25


def test_a_post_that_was_taken_is_sent() -> None:
    post = after_attempt(sending(), Posted(message_id="42"), later(1))
    assert (post.state, post.message_id) == (PostState.SENT, "42")


def test_a_post_taken_and_deleted_again_is_sent() -> None:
    assert after_attempt(unknown(), Posted(message_id="42", deleted=True), later(1)).state is PostState.SENT


def test_an_attempt_of_unknown_outcome_leaves_the_post_unknown_and_looked_for_soon() -> None:
    post = unknown()
    assert post.state is PostState.UNKNOWN
    assert post.not_before is not None
    assert post.not_before - NOW <= timedelta(seconds=10)


def test_a_late_attempt_of_unknown_outcome_is_looked_for_as_soon_as_a_first_one() -> None:
    first = resolve(unknown(SLACK), Absent(), later(1000))
    post = after_attempt(claimed(first, later(1000)), AMBIGUOUS, later(1002))
    assert post.not_before == later(1007)


def test_a_limit_is_waited_out_to_its_end() -> None:
    post = after_attempt(sending(), Limited(retry_after_s=37.5), later(1))
    assert (post.state, post.not_before) == (PostState.PENDING, later(38.5))


def test_a_thousand_limits_never_shorten_a_wait() -> None:
    post, now = pending(), NOW
    for _ in range(1000):
        post = after_attempt(claimed(post, now), Limited(retry_after_s=4), now)
        assert (post.state, post.not_before) == (PostState.PENDING, now + timedelta(seconds=4))
        now += timedelta(seconds=4)


@pytest.mark.parametrize(
    "outcome", [Limited(retry_after_s=5), BAD_FORMAT, NO_CHANNEL, replace(NO_CHANNEL, scope="workspace")]
)
def test_a_no_speaks_of_its_own_attempt_only(outcome: PostOutcome) -> None:
    repeated = claimed(unknown(), later(10))
    assert after_attempt(repeated, outcome, later(11)).state is PostState.UNKNOWN


def test_a_refused_format_is_sent_once_without_layout_and_then_dead() -> None:
    simpler = after_attempt(sending(), BAD_FORMAT, later(1), plainer='"simple"')
    assert (simpler.state, simpler.payload) == (PostState.PENDING, '"simple"')
    again = after_attempt(claimed(simpler, later(2)), BAD_FORMAT, later(3), plainer='"even simpler"')
    assert (again.state, again.payload, again.reason) == (PostState.DEAD, '"simple"', "bad layout")


@pytest.mark.parametrize("plainer", [None, "{}"])
def test_a_refused_format_that_can_not_be_simpler_is_dead(plainer: str | None) -> None:
    assert after_attempt(sending(), BAD_FORMAT, later(1), plainer=plainer).state is PostState.DEAD


def test_a_channel_that_refuses_is_asked_again_ever_more_rarely_until_the_post_is_given_up() -> None:
    post, now, waits = pending(), NOW, []
    while post.state is PostState.PENDING:
        now = max(now, post.not_before or now)
        post = after_attempt(claimed(post, now), NO_CHANNEL, now)
        if post.not_before is not None:
            waits.append((post.not_before - now).total_seconds())
    assert post.state is PostState.DEAD
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == REFUSED_AGAIN_S
    assert len(waits) < 25
    assert (now - NOW).total_seconds() >= GIVE_UP_S


def test_a_post_held_back_waits_with_its_workspace() -> None:
    post = held_back(sending(), "token revoked", later(1), until=later(60))
    assert (post.state, post.not_before, post.reason) == (PostState.PENDING, later(60), "token revoked")


def test_a_nonce_is_repeated_within_its_window_and_on_discord_only() -> None:
    assert can_repeat_nonce(unknown(), later(NONCE_WINDOW_S))
    assert not can_repeat_nonce(unknown(), later(NONCE_WINDOW_S + 1))
    assert not can_repeat_nonce(unknown(), later(-1))
    assert not can_repeat_nonce(unknown(SLACK), later(1))


def test_a_post_seen_in_the_history_is_sent_at_once() -> None:
    post = resolve(unknown(), Posted(message_id="42"), later(1))
    assert (post.state, post.message_id) == (PostState.SENT, "42")


def test_absence_counts_only_long_after_the_last_attempt_could_have_ended() -> None:
    proof_s = LONGEST_ATTEMPT_S + ABSENCE_S
    early = resolve(unknown(SLACK), Absent(), later(proof_s - 1))
    assert (early.state, early.not_before) == (PostState.UNKNOWN, later(proof_s))
    assert resolve(unknown(SLACK), Absent(), later(proof_s)).state is PostState.PENDING


def test_a_repeated_attempt_puts_off_when_absence_counts() -> None:
    repeated = after_attempt(claimed(unknown(), later(50)), AMBIGUOUS, later(55))
    assert resolve(repeated, Absent(), later(LONGEST_ATTEMPT_S + ABSENCE_S + 50)).state is PostState.UNKNOWN


def test_a_history_that_stays_unreadable_parks_the_post_and_a_short_outage_does_not() -> None:
    unreadable = Unreadable(reason="no permission")
    soon = resolve(unknown(), unreadable, later(PATIENCE_S - 1))
    assert soon.state is PostState.UNKNOWN
    parked = resolve(unknown(), unreadable, later(PATIENCE_S))
    assert (parked.state, parked.reason) == (PostState.PARKED, "no permission")


def test_after_a_long_downtime_the_first_hiccup_of_the_history_parks_nothing() -> None:
    day_s = 24 * 3600
    unreadable = Unreadable(reason="status 500")
    post = resolve(unknown(SLACK), unreadable, later(day_s), unreadable_since=later(day_s))
    assert post.state is PostState.UNKNOWN
    parked = resolve(post, unreadable, later(day_s + PATIENCE_S), unreadable_since=later(day_s))
    assert parked.state is PostState.PARKED


def test_a_person_may_post_a_parked_post_again_or_mark_it_as_posted() -> None:
    parked = resolve(unknown(), Unreadable(reason="no"), later(PATIENCE_S))
    again = post_again(parked)
    assert (again.state, again.attempts, again.first_at, again.id) == (PostState.PENDING, 0, None, parked.id)
    assert settle(parked).state is PostState.SENT


def test_a_post_of_a_dead_process_is_looked_for_at_once_from_before_its_attempt_on() -> None:
    post = in_doubt(sending(), "killed", look_at=later(500))
    assert (post.state, post.first_at, post.last_at, post.not_before) == (PostState.UNKNOWN, NOW, NOW, later(500))


# The world a post lives in, for hypothesis: what the platform really did is decided apart from what it answered.
ANSWERS = {
    "posted": (True, Posted(message_id="1")),
    "taken, answer lost": (True, AMBIGUOUS),
    "not taken, answer lost": (False, AMBIGUOUS),
    "limited": (False, Limited(retry_after_s=3)),
    "format": (False, BAD_FORMAT),
    "channel": (False, NO_CHANNEL),
    "workspace": (False, replace(NO_CHANNEL, scope="workspace")),
}


@dataclass
class World:
    """A platform with one channel, and how many copies of our post its readers see."""

    knows_nonces: bool
    copies: int = 0
    late: list[datetime] = field(default_factory=list)

    def attempt(self, answer: str, now: datetime, taken_after_s: float) -> PostOutcome:
        """Take the post or not, perhaps after whoever sent it gave up, and answer."""
        self.pass_until(now)
        takes, outcome = ANSWERS[answer]
        is_repeated = self.knows_nonces and (self.copies > 0 or self.late)
        if is_repeated and takes:
            # Whichever of the two arrives first is taken; the other one is known by its nonce.
            self.late = [now for _ in self.late]
        if takes and not is_repeated:
            self.late.append(now + timedelta(seconds=taken_after_s if isinstance(outcome, Ambiguous) else 0))
        return outcome

    def look(self, now: datetime) -> Posted | Absent:
        """Return what the history shows."""
        self.pass_until(now)
        return Posted(message_id="1") if self.copies else Absent()

    def pass_until(self, now: datetime) -> None:
        """Let what was sent before arrive."""
        self.copies += sum(at <= now for at in self.late)
        self.late = [at for at in self.late if at > now]


STEPS = st.lists(
    st.tuples(
        st.sampled_from([*ANSWERS, "killed before", "killed after", "unreadable"]),
        st.floats(0, LONGEST_ATTEMPT_S),
        st.floats(0, ABSENCE_S - 1),
        st.floats(0, 4000),
    ),
    max_size=40,
)


@given(steps=STEPS, platform=st.sampled_from(["discord", "slack"]))
def test_no_sequence_of_outcomes_and_kills_posts_twice_or_loses(
    steps: list[tuple[str, float, float, float]], platform: Platform
) -> None:
    world = World(knows_nonces=platform == "discord")
    post, now = pending(replace(NEWS, platform=platform)), NOW
    for step, lasts_s, taken_after_s, pause_s in steps:
        post, now = live(world, post, step, now, lasts_s=lasts_s, taken_after_s=taken_after_s)
        now += timedelta(seconds=pause_s)
        check(world, post, now)
    # The platform works again: whatever is open comes to its end by itself.
    while post.state in (PostState.PENDING, PostState.SENDING, PostState.UNKNOWN):
        now = max(now, post.not_before or now)
        post, now = live(world, post, "posted", now, lasts_s=1, taken_after_s=0)
        check(world, post, now)
    world.pass_until(now + timedelta(days=1))
    assert world.copies <= 1
    assert (post.state is PostState.SENT) == (world.copies == 1) or post.state in (PostState.PARKED, PostState.DEAD)


def live(
    world: World, post: Post, step: str, now: datetime, *, lasts_s: float, taken_after_s: float
) -> tuple[Post, datetime]:
    """Let one thing happen to the post as the Deliverer would have it; return it and the time after that."""
    if post.not_before is not None and post.not_before > now:
        return post, now
    ended = now + timedelta(seconds=lasts_s)
    answer = {"killed before": "not taken, answer lost", "unreadable": "posted"}.get(step, step)
    repeats = post.state is PostState.UNKNOWN and can_repeat_nonce(post, now)
    if post.state is PostState.PENDING or repeats:
        post = claimed(post, now)
        if step.startswith("killed"):
            world.attempt("taken, answer lost" if step == "killed after" else answer, ended, taken_after_s)
            return in_doubt(post, "killed", look_at=ended), ended
        outcome = world.attempt(answer, ended, taken_after_s)
        return after_attempt(post, outcome, ended), ended
    if post.state is PostState.UNKNOWN and not step.startswith("killed"):
        found = Unreadable(reason="outage") if step == "unreadable" else world.look(now)
        return resolve(post, found, now), ended
    return post, now


def check(world: World, post: Post, now: datetime) -> None:
    """Readers never see it twice; what is said to be sent is there; what is open again or dead is not."""
    world.pass_until(now)
    assert world.copies <= 1
    if post.state is PostState.SENT:
        assert world.copies == 1
    if post.state in (PostState.PENDING, PostState.DEAD):
        assert (world.copies, world.late) == (0, [])
