"""`NEWSBOT_SLACK__...`: the Slack app."""

from __future__ import annotations

from pydantic import Field, SecretStr

from bot.settings.section import Section


class SlackSettings(Section):
    """The Slack app in Socket Mode; off without both tokens."""

    bot_token: SecretStr | None = Field(None, description="Bot token of the Slack app: xoxb-...")
    app_token: SecretStr | None = Field(None, description="App-level token with connections:write: xapp-...")
    base_url: str | None = Field(None, description="Address of Slack's Web API, behind a proxy.")
