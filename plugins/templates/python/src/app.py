"""Finds words that a group does not want."""

from typing import Any

from usher_plugin import Action, Check, Event, Finding, Manifest, Severity, export, fold


class Words(Check):
    manifest = Manifest(
        name="{{name}}",
        version="0.1.0",
        summary="Finds words that a group does not want.",
        events=["message.created"],
        capabilities=["action:warn"],
        settings_schema={
            "type": "object",
            "properties": {
                "words": {"type": "array", "items": {"type": "string", "minLength": 1}, "default": []},
                "warning": {"type": "string", "minLength": 1, "default": "请文明发言"},
            },
            "additionalProperties": False,
        },
    )

    def __init__(self, settings: dict[str, Any]) -> None:
        # Folded as the host folds texts, once: every event starts from here.
        self.words = [(word, fold(word)) for word in settings.get("words", [])]
        self.warning = settings.get("warning", "请文明发言")

    def check(self, event: Event) -> None:
        text = event.folded_text
        for word, folded in self.words:
            at = text.find(folded)
            if at < 0:
                continue
            finding = Finding("unwanted-word", Severity.MEDIUM).message(f"“{word}”不受欢迎")
            finding.span(*event.original(at, at + len(folded))).evidence("word", word)
            Action("warn").text(self.warning)
            return


Plugin, Checker = export(Words)
