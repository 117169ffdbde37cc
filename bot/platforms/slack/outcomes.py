"""Reads what became of a call to Slack: posted, nobody knows, not now, or no. Pure; never raises.

Whatever is not plainly a refusal counts as ambiguous: the outbox then looks into the channel before it posts again.
Source: https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from aiohttp import ClientConnectorError
from slack_sdk.errors import SlackApiError

from bot.ports import Ambiguous, Limited, Refused

RETRY_WITHOUT_ADVICE_S = 30.0
"""Seconds to wait when Slack says "later" without a number that can be read."""
MAX_RETRY_AFTER_S = 3_600.0
"""Seconds; a longer Retry-After is a mistake or an attack, an hour later we may ask again."""
RETRY_UNREACHED_S = 15.0
"""Seconds until the next attempt when no connection came about."""

_LATER = frozenset(("ratelimited", "rate_limited", "message_limit_exceeded", "team_added_to_org"))
_NOBODY_KNOWS = frozenset(("internal_error", "fatal_error", "service_unavailable", "request_timeout"))
_WORKSPACE = frozenset((
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
    "no_permission", "org_login_required", "ekm_access_denied", "not_allowed_token_type", "access_denied",
    "enterprise_is_restricted", "two_factor_setup_required", "team_access_not_granted", "missing_post_type",
    "deprecated_endpoint", "method_deprecated", "accesslimited",
))  # fmt: skip
_FORMAT = frozenset((
    "invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "no_text", "too_many_attachments",
    "invalid_arguments", "invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large",
    "metadata_must_be_sent_from_app", "markdown_text_conflict", "block_mismatch", "invalid_json", "json_not_object",
    "invalid_arg_name", "invalid_array_arg", "invalid_charset", "invalid_form_data", "invalid_post_type",
    "edit_window_closed", "cant_update_message", "slack_connect_blocked_file_type", "as_user_not_supported",
))  # fmt: skip


def outcome_of(error: BaseException) -> Ambiguous | Limited | Refused:
    """Return what this error of one call means for the post that was being sent."""
    if isinstance(error, ClientConnectorError):
        return Limited(retry_after_s=RETRY_UNREACHED_S)
    if not isinstance(error, SlackApiError):
        return Ambiguous(reason=f"no answer from Slack ({type(error).__name__})")
    status, code = status_of(error), code_of(error)
    if status == 429 or code in _LATER:
        # Slack does not say whether the channel or the whole workspace is meant.
        return Limited(retry_after_s=retry_after_s(headers_of(error)), everywhere=True)
    if status >= 500 or code in _NOBODY_KNOWS or not code:
        return Ambiguous(reason=f"Slack answered {code or status}")
    if code in _WORKSPACE or status in (401, 403):
        return Refused(reason=f"Slack refuses the bot in this workspace: {code}", scope="workspace")
    if code in _FORMAT:
        return Refused(reason=f"Slack refuses the message: {code}", scope="format")
    return Refused(reason=f"Slack refuses the channel: {code}", scope="channel")


def code_of(error: SlackApiError) -> str:
    """Return Slack's word for the error, or "" when the answer was none of Slack's."""
    data = getattr(error.response, "data", error.response)
    code = data.get("error") if isinstance(data, Mapping) else None
    return code if isinstance(code, str) else ""


def status_of(error: SlackApiError) -> int:
    """Return the HTTP status; slack-sdk hands on aiohttp's own response when the body was not JSON."""
    response = error.response
    status = getattr(response, "status_code", getattr(response, "status", 0))
    return status if isinstance(status, int) else 0


def headers_of(error: SlackApiError) -> Mapping[str, str]:
    """Return the headers of the answer, empty when there are none."""
    headers = getattr(error.response, "headers", None)
    return headers if isinstance(headers, Mapping) else {}


def retry_after_s(headers: Mapping[str, str]) -> float:
    """Return the seconds to wait; Slack sends whole seconds, a proxy in between may send anything."""
    raw = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        seconds = float(raw)
    except (TypeError, ValueError):
        return RETRY_WITHOUT_ADVICE_S
    return min(max(seconds, 1.0), MAX_RETRY_AFTER_S) if math.isfinite(seconds) else RETRY_WITHOUT_ADVICE_S
