"""Daily check-ins: recognised, counted in streaks, praised at milestones, once a day for each member."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from usher_plugin import Action, Check, Event, Finding, Manifest, Member, Severity, export, fold, state

DAY_MS = 86_400_000

PROPERTIES: dict[str, Any] = {
    "keywords": {
        "description": "A message with any of these is a check-in.",
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "minItems": 1,
        "default": ["打卡", "签到"],
    },
    "themes": {
        "description": "What check-ins are about from a day on; the last one that has begun holds. None: about anything.",
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["from", "name"],
            "properties": {
                "from": {"type": "string", "format": "date"},
                "name": {"type": "string", "minLength": 1},
                "keywords": {"type": "array", "items": {"type": "string", "minLength": 1}},
            },
        },
        "default": [],
    },
    "milestones": {
        "description": "Days in a row that are praised.",
        "type": "array",
        "items": {"type": "integer", "minimum": 1},
        "default": [3, 7, 21, 30, 60, 100, 365],
    },
    "praise": {
        "description": "{name}, {days} and {theme} are filled in; empty says nothing.",
        "type": "string",
        "default": "恭喜{name}连续打卡{days}天！",
    },
    "off_theme": {
        "description": "Said to a check-in that is not about the theme; {name} and {theme} are filled in, empty says nothing.",
        "type": "string",
        "default": "@{name} 本周打卡主题是“{theme}”哦。",
    },
    "kept_days": {
        "description": "For how long a member's count is kept after the last check-in.",
        "type": "integer",
        "minimum": 2,
        "maximum": 3650,
        "default": 400,
    },
}


class CheckIn(Check):
    manifest = Manifest(
        name="check-in",
        version="0.1.0",
        summary="Daily check-ins: recognised, counted in streaks, praised at milestones, once a day for each member.",
        events=["message.created", "checkin.done"],
        capabilities=["state", "action:reply"],
        settings_schema={"type": "object", "additionalProperties": False, "properties": PROPERTIES},
    )

    def __init__(self, settings: dict[str, Any]) -> None:
        defaults = {name: schema["default"] for name, schema in PROPERTIES.items()}
        self.settings = {**defaults, **settings}
        self.keywords = [fold(word) for word in self.settings["keywords"]]
        themes = sorted(self.settings["themes"], key=lambda theme: theme["from"])
        self.themes = [(date.fromisoformat(theme["from"]), theme) for theme in themes]

    def check(self, event: Event) -> None:
        member = event.actor
        if member is None:
            return
        today = event.group.local_time(event.at).date()
        theme = self.theme(today)
        text = event.folded_text
        # The platform's own check-ins need no words.
        if event.kind == "message.created":
            if not any(word in text for word in self.keywords):
                return
            if theme and not self.is_about(text, theme):
                Finding("check-in-off-theme", Severity.NONE).evidence("theme", theme["name"])
                self.say("off_theme", name=member.name, theme=theme["name"])
                return
        self.count(event, member, today, theme["name"] if theme else "")

    def theme(self, today: date) -> dict[str, Any] | None:
        begun = [theme for begins, theme in self.themes if begins <= today]
        return begun[-1] if begun else None

    @staticmethod
    def is_about(text: str, theme: dict[str, Any]) -> bool:
        words = theme.get("keywords") or [theme["name"]]
        return any(fold(word) in text for word in words)

    def count(self, event: Event, member: Member, today: date, theme: str) -> None:
        key = f"member:{member.id}"
        before = state.get(key) or {"last": None, "streak": 0, "total": 0, "best": 0}
        if before["last"] == today.isoformat():
            return
        streak = before["streak"] + 1 if before["last"] == (today - timedelta(days=1)).isoformat() else 1
        now = {
            "last": today.isoformat(),
            "streak": streak,
            "total": before["total"] + 1,
            "best": max(before["best"], streak),
        }
        state.put(key, now, self.settings["kept_days"] * DAY_MS)
        finding = Finding("check-in", Severity.NONE).evidence("streak", streak).evidence("total", now["total"])
        finding.evidence("best", now["best"]).evidence("theme", theme)
        if streak in self.settings["milestones"]:
            self.say("praise", name=member.name, days=str(streak), theme=theme)

    def say(self, setting: str, **values: str) -> None:
        if text := self.settings[setting]:
            Action("reply").text(re.sub(r"\{(\w+)\}", lambda place: values.get(place[1], place[0]), text))


Plugin, Checker = export(CheckIn)
