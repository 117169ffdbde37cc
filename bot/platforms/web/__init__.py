"""The web page: the digests, stories and articles to read, a chat that takes every command, feeds, and the status."""
