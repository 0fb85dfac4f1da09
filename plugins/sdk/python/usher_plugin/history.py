"""What happened before, in this group. Needs the capability ``history``."""

from __future__ import annotations

from wit_world.imports import history as raw

from .event import Event


class Query:
    """A question about the group's past, narrowed step by step:
    ``Query().kind("message.").actor(id).within(60_000).count``."""

    def __init__(self) -> None:
        self._raw = raw.Query()

    def kind(self, prefix: str) -> Query:
        """Only kinds that begin so."""
        self._raw.kind(prefix)
        return self

    def actor(self, id: str) -> Query:
        """Only events about this member."""
        self._raw.actor(id)
        return self

    def within(self, milliseconds: int) -> Query:
        """Only the last ``milliseconds`` before this event."""
        self._raw.within(milliseconds)
        return self

    def similar(self, least: float) -> Query:
        """Only events whose folded text is at least this similar (0 to 1) to this event's."""
        self._raw.similar(least)
        return self

    @property
    def count(self) -> int:
        """How many there are."""
        return self._raw.count()

    def latest(self, limit: int) -> list[Event]:
        """Newest first, at most ``limit``."""
        return [Event(event) for event in self._raw.latest(limit)]

    @property
    def distinct_actors(self) -> int:
        """How many members they are about."""
        return self._raw.distinct_actors()
