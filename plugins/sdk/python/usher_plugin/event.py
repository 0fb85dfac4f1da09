"""What happened, to whom, where. Each property asks the host, and copies only what it returns."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from wit_world.imports import events as raw


class Event:
    """One thing that happened in a group. Lives as long as the call that received it."""

    def __init__(self, event: raw.Event) -> None:
        self._raw = event

    @property
    def id(self) -> str:
        """Chosen by whoever reported the event; the same id always gets the same decision."""
        return self._raw.id()

    @property
    def kind(self) -> str:
        """Dotted kind, for example ``message.created``, ``redpacket.sent``, ``timer.fired``."""
        return self._raw.kind()

    @property
    def at(self) -> int:
        """When it happened: milliseconds since the Unix epoch. The only clock there is: ``time.time()`` is not."""
        return self._raw.at()

    @property
    def group(self) -> Group:
        """Where it happened."""
        return Group(self._raw.group())

    @property
    def actor(self) -> Member | None:
        """The member it is about; None for what nobody did (a timer, say)."""
        actor = self._raw.actor()
        return None if actor is None else Member(actor)

    @property
    def text(self) -> str:
        """The text as written; empty when the event carries none."""
        return self._raw.text()

    @property
    def folded_text(self) -> str:
        """The text folded for matching: width, case, traditional to simplified, confusables; invisible and inserted
        symbols removed."""
        return self._raw.folded_text()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where ``folded_text[start:end]`` stands in the text as written, in bytes of UTF-8: that is how the host
        counts."""
        folded = self.folded_text
        first = len(folded[:start].encode())
        return self._raw.unfold(first, first + len(folded[start:end].encode()))

    @property
    def media(self) -> list[str]:
        """Kinds of media attached: ``image``, ``voice``, ``video``, ``article``, ``redpacket``, ..."""
        return self._raw.media()

    @property
    def links(self) -> list[str]:
        """Addresses that the platform recognised as links, beside those that stand in the text."""
        return self._raw.links()

    @property
    def mentions(self) -> list[str]:
        """Ids of the members mentioned."""
        return self._raw.mentions()

    def payload(self, pointer: str) -> Any:
        """One field of the payload, by JSON pointer (RFC 6901); None when absent."""
        field = self._raw.field(pointer)
        return None if field is None else json.loads(field)


class Member:
    """A member of the group. Id, name and roles come with the event; the rest needs the capability ``members``."""

    def __init__(self, member: raw.Member) -> None:
        self._raw = member

    @property
    def id(self) -> str:
        return self._raw.id()

    @property
    def name(self) -> str:
        """The name shown in the group."""
        return self._raw.name()

    @property
    def roles(self) -> list[str]:
        """``owner``, ``admin``, ``member``, ..."""
        return self._raw.roles()

    @property
    def joined_at(self) -> int | None:
        """Milliseconds since the Unix epoch; None when it is not known."""
        return self._raw.joined_at()

    @property
    def labels(self) -> list[str]:
        return self._raw.labels()

    @property
    def strikes(self) -> int:
        """Weight of the strikes that have not expired. Needs the capability ``strikes``."""
        return self._raw.strikes()

    def attribute(self, name: str) -> str | None:
        """What the brand keeps under this name."""
        return self._raw.attribute(name)


class Group:
    """The group where the event happened."""

    def __init__(self, group: raw.Group) -> None:
        self._raw = group

    @property
    def id(self) -> str:
        return self._raw.id()

    @property
    def brand(self) -> str:
        return self._raw.brand()

    @property
    def kind(self) -> str:
        """The brand's word for what this group is for: ``product``, ``interest``, ..."""
        return self._raw.kind()

    @property
    def name(self) -> str:
        return self._raw.name()

    @property
    def size(self) -> int:
        """Members, as the brand last said."""
        return self._raw.size()

    @property
    def labels(self) -> list[str]:
        return self._raw.labels()

    def attribute(self, name: str) -> str | None:
        """What the brand keeps under this name."""
        return self._raw.attribute(name)

    def local_time(self, at: int) -> datetime:
        """The calendar of the group's time zone at a moment."""
        # As "2026-11-22T20:05:00+08:00[Asia/Shanghai]".
        return datetime.fromisoformat(self.local_time_text(at).partition("[")[0])

    def local_time_text(self, at: int) -> str:
        """As :meth:`local_time`, in the host's words: ``2026-11-22T20:05:00+08:00[Asia/Shanghai]``."""
        return self._raw.local_time(at)
