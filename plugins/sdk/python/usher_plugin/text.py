"""Matching that the host does natively, once per event for all plugins."""

from __future__ import annotations

from wit_world.imports import text as raw
from wit_world.imports.text import Hit, fold

__all__ = ["Hit", "WordList", "fold"]


class WordList:
    """A word list that the brand keeps. Needs the capability ``word-lists``."""

    def __init__(self, word_list: raw.WordList) -> None:
        self._raw = word_list

    @classmethod
    def open(cls, name: str) -> WordList | None:
        """None when the brand has no list of that name."""
        word_list = raw.WordList.open(name)
        return None if word_list is None else cls(word_list)

    @property
    def hits(self) -> list[Hit]:
        """Hits in this event's text; allow-listed phrases already removed."""
        return self._raw.hits()

    def hits_in(self, text: str) -> list[Hit]:
        """Hits in any other text."""
        return self._raw.hits_in(text)
