"""What stands between the component's exports and the author's class."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from componentize_py_types import Err
from wit_world import exports

from . import log
from .event import Event

CONTRACT = "0.1.0"


@dataclass(frozen=True)
class Manifest:
    """What a plugin is and what it asks for; what the operator grants may be less."""

    #: kebab-case, and unique on the host.
    name: str
    #: Of the plugin: ``1.2.3``.
    version: str
    #: What it is for, in one sentence.
    summary: str = ""
    #: Kinds of events that it wants to see, for example ``message.created``.
    events: list[str] = field(default_factory=list)
    #: What it needs: ``members``, ``history``, ``state``, ``strikes``, ``timers``, ``word-lists``, ``action:warn``, ...
    capabilities: list[str] = field(default_factory=list)
    #: The JSON Schema of its settings.
    settings_schema: dict[str, Any] = field(
        default_factory=lambda: {"type": "object", "additionalProperties": False}
    )


class Refusal(Exception):
    """A refusal that is meant: its message is shown as it is, without a traceback."""


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
    built: list[Check] = []

    class Plugin(exports.Plugin):
        def describe(self) -> str:
            return json.dumps({"contract": CONTRACT, **asdict(plugin.manifest)}, ensure_ascii=False)

        def configure(self, settings: str) -> None:
            _telling(lambda: built.append(plugin(json.loads(settings) or {})))

    class Checker(exports.Checker):
        def check(self, event: Any) -> None:
            _telling(lambda: built[0].check(Event(event)))

    return Plugin, Checker


def _telling(work: Callable[[], object]) -> None:
    """The contract's errors are texts, and a traceback goes to the log, where the author finds it."""
    try:
        work()
    except Refusal as refusal:
        raise Err(str(refusal)) from None
    except Exception as error:
        log.error(traceback.format_exc().rstrip())
        raise Err(f"{type(error).__name__}: {error}") from None
