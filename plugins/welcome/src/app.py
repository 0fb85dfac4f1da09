"""New members are welcomed, told the rules, and looked at for a while."""

from __future__ import annotations

import re
from typing import Any

from usher_plugin import Action, Check, Event, Finding, Manifest, Member, Severity, export, state

HOUR_MS = 3_600_000
LINK = re.compile(r"https?://|www\.|[a-z0-9-]+\.(?:com|cn|net|top|vip|xyz|cc)\b", re.IGNORECASE)

PROPERTIES: dict[str, Any] = {
    "welcome": {
        "description": "{name} and {group} are filled in; empty says nothing.",
        "type": "string",
        "default": "欢迎{name}加入{group}！",
    },
    "rules": {
        "description": "入群须知, said after the welcome; empty says nothing.",
        "type": "string",
        "default": "入群须知：不发广告，不发与本群无关的链接，互相尊重。",
    },
    "introductions": {
        "description": "What is said instead to members with one of these labels: label to text.",
        "type": "object",
        "additionalProperties": {"type": "string", "minLength": 1},
        "default": {"vip": "热烈欢迎贵宾{name}加入{group}！", "kol": "热烈欢迎{name}老师加入{group}！"},
    },
    "approved_by": {
        "description": "How somebody may come in without being looked at; `invitation` is also whoever was invited by a member.",
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "default": [],
    },
    "hold_hours": {
        "description": "For how long after joining links and media of a member are held; 0 holds nothing.",
        "type": "integer",
        "minimum": 0,
        "maximum": 8760,
        "default": 24,
    },
    "hold_media": {
        "description": "Which media are held; links always are.",
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "default": ["image", "video", "article", "file"],
    },
    "exempt_roles": {
        "description": "Whose messages are not held.",
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "default": ["owner", "admin"],
    },
}


class Welcome(Check):
    manifest = Manifest(
        name="welcome",
        version="0.1.0",
        summary="New members are welcomed, told the rules, and looked at for a while.",
        events=["member.joined", "message.created"],
        capabilities=["members", "state", "action:reply", "action:enqueue"],
        settings_schema={"type": "object", "additionalProperties": False, "properties": PROPERTIES},
    )

    def __init__(self, settings: dict[str, Any]) -> None:
        defaults = {name: schema["default"] for name, schema in PROPERTIES.items()}
        self.settings = {**defaults, **settings}
        self.hold_ms: int = self.settings["hold_hours"] * HOUR_MS

    def check(self, event: Event) -> None:
        member = event.actor
        if member is None:
            return
        if event.kind == "member.joined":
            self.joined(event, member)
        elif event.kind == "message.created":
            self.spoke(event, member)

    def joined(self, event: Event, member: Member) -> None:
        if self.hold_ms > 0:
            state.put(joined_key(member), event.at, self.hold_ms)
        source = self.source(event)
        approved = self.settings["approved_by"]
        if approved and source not in approved:
            Finding("joiner-to-approve", Severity.LOW).message(f"{member.name}入群待审核").evidence("source", source)
            Action("enqueue").detail("queue", "approval").detail("source", source)
            return
        Finding("member-welcomed", Severity.NONE).evidence("source", source)
        for text in (self.greeting(member), self.settings["rules"]):
            if text:
                Action("reply").text(fill(text, name=member.name, group=event.group.name))

    def greeting(self, member: Member) -> str:
        introductions: dict[str, str] = self.settings["introductions"]
        labels = member.labels
        special = next((text for label, text in introductions.items() if label in labels), None)
        return self.settings["welcome"] if special is None else special

    @staticmethod
    def source(event: Event) -> str:
        """How the member came in."""
        if event.payload("/source"):
            return str(event.payload("/source"))
        return "invitation" if event.payload("/invited_by") else "unknown"

    def spoke(self, event: Event, member: Member) -> None:
        held = [medium for medium in event.media if medium in self.settings["hold_media"]]
        if event.links or LINK.search(event.text):
            held.append("link")
        if not held or self.hold_ms == 0 or any(role in self.settings["exempt_roles"] for role in member.roles):
            return
        # What the brand has on record, or what the group has seen.
        joined_at = member.joined_at or state.get(joined_key(member))
        if joined_at is None or event.at - joined_at >= self.hold_ms:
            return
        finding = Finding("new-member-held", Severity.HIGH).message("新成员发布的链接或图片需要审核")
        finding.evidence("holds", ",".join(held)).evidence("hours", (event.at - joined_at) // HOUR_MS)


def joined_key(member: Member) -> str:
    return f"joined:{member.id}"


def fill(text: str, **values: str) -> str:
    """A text with `{name}` and the like filled in; what has no value stays as it is."""
    return re.sub(r"\{(\w+)\}", lambda place: values.get(place[1], place[0]), text)


Plugin, Checker = export(Welcome)
