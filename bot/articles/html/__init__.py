"""HTML pages read as news articles: text, headline, authors, dates; nothing is fetched, nothing hidden is read."""

from __future__ import annotations

from bot.articles.html.article import HtmlArticle, read_html

__all__ = ["HtmlArticle", "read_html"]
