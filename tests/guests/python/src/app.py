"""Finds words in messages: the same plugin as `../js/plugin.js`, for the tests and figures of heavy guests."""

import json

from componentize_py_types import Err
from wit_world import exports
from wit_world.imports.effects import Finding, Severity
from wit_world.imports.text import fold

MANIFEST = {
    "name": "words-python",
    "version": "0.1.0",
    "summary": "Finds words in messages.",
    "events": ["message.created"],
    "settings_schema": {
        "type": "object",
        "properties": {"words": {"type": "array", "items": {"type": "string", "minLength": 1}}},
        "additionalProperties": False,
    },
}

# As the settings say: folded once, before any event.
words: list[str] = []
# How many events this instance has judged.
judged = 0


def size(text: str) -> int:
    """Bytes of a text in UTF-8, which is how spans count."""
    return len(text.encode())


class Plugin(exports.Plugin):
    def describe(self) -> str:
        return json.dumps(MANIFEST)

    def configure(self, settings: str) -> None:
        global words
        wanted = json.loads(settings).get("words", [])
        if "refuse" in wanted:
            raise Err("this word is refused")
        words = [fold(word) for word in wanted]


class Checker(exports.Checker):
    def check(self, event) -> None:
        global judged
        judged += 1
        text = event.folded_text()
        for word in words:
            at = text.find(word)
            if at < 0:
                continue
            start = size(text[:at])
            start, end = event.unfold(start, start + size(word))
            with Finding("word", Severity.MEDIUM) as finding:
                finding.span(start, end)
                finding.evidence("word", word)
                finding.evidence("judged", str(judged))
