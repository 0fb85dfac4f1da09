"""This plugin's own memory of this group. A call sees its own writes; they are kept only if the decision commits. Needs
the capability ``state``. The values have a quota: give what there is one of for each member a time to be forgotten at."""

from __future__ import annotations

import json
from typing import Any

from wit_world.imports import state as raw
from wit_world.imports.state import add, delete, sum

__all__ = ["add", "delete", "get", "put", "sum"]


def get(key: str) -> Any:
    """The value under ``key``, read as JSON; None when there is none, or none any more."""
    value = raw.get(key)
    return None if value is None else json.loads(value)


def put(key: str, value: Any, milliseconds: int | None = None) -> None:
    """Keeps ``value`` as JSON; with ``milliseconds``, it is forgotten this long after the event."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    if milliseconds is None:
        raw.put(key, text)
    else:
        raw.put_for(key, text, milliseconds)
