"""Finds words in messages: the same plugin as `../../quickjs` and `../../starlingmonkey`, for the tests and figures of
heavy guests."""

from typing import Any

from usher_plugin import Check, Event, Finding, Manifest, Refusal, Severity, export, fold

# How many events this instance has judged.
judged = 0


class Words(Check):
    manifest = Manifest(
        name="words-python",
        version="0.1.0",
        summary="Finds words in messages.",
        events=["message.created"],
        settings_schema={
            "type": "object",
            "properties": {"words": {"type": "array", "items": {"type": "string", "minLength": 1}}},
            "additionalProperties": False,
        },
    )

    def __init__(self, settings: dict[str, Any]) -> None:
        words = settings.get("words", [])
        if "refuse" in words:
            raise Refusal("this word is refused")
        self.words = [fold(word) for word in words]

    def check(self, event: Event) -> None:
        global judged
        judged += 1
        text = event.folded_text
        for word in self.words:
            at = text.find(word)
            if at >= 0:
                finding = Finding("word", Severity.MEDIUM).span(*event.original(at, at + len(word)))
                finding.evidence("word", word).evidence("judged", str(judged))


Plugin, Checker = export(Words)
