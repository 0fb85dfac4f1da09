"""What a plugin wants. The host collects it in order and applies it if the decision commits and the mode allows."""

from __future__ import annotations

from wit_world.imports import effects as raw
from wit_world.imports.effects import Severity, approve, strike

__all__ = ["Action", "Finding", "Severity", "approve", "strike"]


class Finding:
    """Something the plugin found. It counts from its construction; the methods say more about it.

    ``rule`` is a short kebab-case name, unique in the plugin: people filter by it.
    """

    def __init__(self, rule: str, severity: Severity) -> None:
        self._raw = raw.Finding(rule, severity)

    def confidence(self, value: float) -> Finding:
        """0 to 1; 1 when never said."""
        self._raw.confidence(value)
        return self

    def message(self, text: str) -> Finding:
        """For people; may be shown to the member."""
        self._raw.message(text)
        return self

    def span(self, start: int, end: int) -> Finding:
        """Bytes of the event's text as written: ``finding.span(*event.original(at, at + len(word)))``."""
        self._raw.span(start, end)
        return self

    def evidence(self, name: str, value: object) -> Finding:
        """What was read to come to this: a counter, a threshold, a list."""
        self._raw.evidence(name, str(value))
        return self


class Action:
    """Something the plugin wants done. Each kind needs the capability ``action:<kind>``.

    ``warn``, ``reply``, ``notify``, ``hide``, ``delete``, ``mute``, ``kick``, ``label``, ``enqueue``, ...; about the
    actor, unless :meth:`member` says otherwise.
    """

    def __init__(self, kind: str) -> None:
        self._raw = raw.Action(kind)

    def member(self, id: str) -> Action:
        """The member it is about."""
        self._raw.member(id)
        return self

    def text(self, text: str) -> Action:
        """What to say."""
        self._raw.text(text)
        return self

    def lasts(self, milliseconds: int) -> Action:
        """How long a mute, a ban or a label lasts."""
        self._raw.lasts(milliseconds)
        return self

    def detail(self, name: str, value: object) -> Action:
        """What else this kind of action needs to know."""
        self._raw.detail(name, str(value))
        return self
