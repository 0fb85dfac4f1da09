"""Events that the plugin sends to itself. Needs the capability ``timers``.

A timer comes back as an event of the kind ``timer.fired``, whether or not the manifest lists it. Nobody is its actor, so
its actions name their member.
"""

from __future__ import annotations

from dataclasses import dataclass

from wit_world.imports import timers as raw

from .event import Event


@dataclass(frozen=True)
class Fired:
    """A timer that came back: what it was started as, and what the plugin wanted to be told."""

    name: str
    note: str


def start(name: str, milliseconds: int, note: str = "") -> None:
    """Starting it again moves it."""
    raw.start(name, milliseconds, note)


def stop(name: str) -> None:
    raw.stop(name)


def fired(event: Event) -> Fired | None:
    """The timer that this event is; None when it is another event."""
    if event.kind != "timer.fired":
        return None
    return Fired(event.payload("/name"), event.payload("/note"))
