"""The hook that judges events."""

from __future__ import annotations

from typing import Any, ClassVar

from wit_world import exports

from .event import Event
from .plugin import Manifest, built


class Check:
    """A plugin that judges one event at a time."""

    #: What the plugin is and asks for.
    manifest: ClassVar[Manifest]

    def __init__(self, settings: dict[str, Any]) -> None:
        """Builds what every call starts from. The settings fit the manifest's schema. What it raises is shown to the
        operator."""

    def check(self, event: Event) -> None:
        """Judges one event through findings and actions; saying nothing is to abstain. What it raises means that the
        plugin could not judge: its effects are dropped and the operator's failure policy applies."""
        raise NotImplementedError("a plugin that checks needs `def check(self, event)`")


def export(plugin: type[Check]) -> tuple[type[exports.Plugin], type[exports.Checker]]:
    """The component's exports: ``Plugin, Checker = export(MyPlugin)``, at the end of ``app.py``."""
    exported, call = built(plugin)

    class Checker(exports.Checker):
        def check(self, event: Any) -> None:
            call(lambda plugin: plugin.check(Event(event)))

    return exported, Checker
