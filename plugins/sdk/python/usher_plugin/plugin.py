"""What a plugin says of itself, and what stands between the component's exports and the author's class."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from componentize_py_types import Err
from wit_world import exports

from . import log

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
    #: Columns of its tables, where it scores or ranks: ``messages@30d``, ``helped.people@90d``, ``member_days``,
    #: ``attribute:city`` of members, ``reads.segment@7d``, ``age_hours``, ``topic`` of items.
    columns: list[str] = field(default_factory=list)
    #: The JSON Schema of its settings.
    settings_schema: dict[str, Any] = field(
        default_factory=lambda: {"type": "object", "additionalProperties": False}
    )


class Refusal(Exception):
    """A refusal that is meant: its message is shown as it is, without a traceback."""


def built(plugin: type[Any]) -> tuple[type[exports.Plugin], Callable[[Callable[[Any], object]], None]]:
    """What is the same whatever the hook: the export ``plugin``, and what calls the plugin that was built."""
    made: list[Any] = []

    class Plugin(exports.Plugin):
        def describe(self) -> str:
            manifest = {"contract": CONTRACT, **asdict(plugin.manifest)}
            if not manifest["columns"]:
                del manifest["columns"]
            return json.dumps(manifest, ensure_ascii=False)

        def configure(self, settings: str) -> None:
            telling(lambda: made.append(plugin(json.loads(settings) or {})))

    return Plugin, lambda work: telling(lambda: work(made[0]))


def _traceback(error: BaseException) -> str:
    """As Python writes it, save the lines of the sources: it would look for them in files, and there are none."""
    lines = ["Traceback (most recent call last):"]
    for frame, line in traceback.walk_tb(error.__traceback__):
        lines.append(f'  File "{frame.f_code.co_filename}", line {line}, in {frame.f_code.co_name}')
    return "\n".join([*lines, f"{type(error).__name__}: {error}"])


def telling(work: Callable[[], object]) -> None:
    """The contract's errors are texts, and a traceback goes to the log, where the author finds it."""
    try:
        work()
    except Refusal as refusal:
        raise Err(str(refusal)) from None
    except Exception as error:
        log.error(_traceback(error))
        raise Err(f"{type(error).__name__}: {error}") from None
