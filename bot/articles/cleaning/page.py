"""The page under work: its blocks, the label of each, and the signs that it is a page at all."""

from __future__ import annotations

from bot.articles.cleaning.blocks import Block, Label
from bot.articles.cleaning.furniture import Furniture
from bot.articles.cleaning.patterns import Pattern


class Page:
    """The blocks of a text with what is known of each; the surest labels are set first and stay.

    `is_page` says that something shows a page around the article (a byline, a date, a button); `has_chrome` that there
    is more than an article's own lines. A text that is no page is kept whole but for a title it plainly has.
    """

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.labels: list[Label | None] = [None] * len(blocks)
        self.furniture: dict[int, Furniture] = {}
        self.patterns: dict[int, Pattern] = {}
        self.is_page = False
        self.has_chrome = False

    def is_open(self, index: int) -> bool:
        """Return whether there is such a block and it has no label yet."""
        return 0 <= index < len(self.blocks) and self.labels[index] is None

    def label_of(self, index: int) -> Label | None:
        """Return the label of a block; None outside the page as well."""
        return self.labels[index] if 0 <= index < len(self.labels) else None

    def set(self, index: int, label: Label) -> None:
        """Label a block unless it has a label."""
        if self.labels[index] is None:
            self.labels[index] = label

    def list_strong(self) -> list[int]:
        """Return the open blocks that can carry an article, in order."""
        return [index for index, block in enumerate(self.blocks) if self.is_open(index) and block.is_strong]
