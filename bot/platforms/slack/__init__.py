"""Slack through slack-bolt and slack-sdk: payload builders, publishing, commands, App Home, connection, manifest."""
