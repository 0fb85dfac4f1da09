"""Asks everything that the contract offers, and says what it was told."""

from typing import Any

from usher_plugin import (
    Action,
    Check,
    Event,
    Finding,
    Group,
    Manifest,
    Member,
    Query,
    Refusal,
    Severity,
    WordList,
    approve,
    export,
    fold,
    log,
    state,
    strike,
    timers,
)
from usher_plugin.text import Hit


class Conformance(Check):
    manifest = Manifest(
        name="conformance",
        version="0.1.0",
        summary="Asks everything, and says what it was told.",
        events=["message.created", "redpacket.sent"],
        capabilities=[
            "members",
            "strikes",
            "word-lists",
            "history",
            "state",
            "timers",
            "action:mute",
            "action:notify",
            "action:strike",
        ],
        settings_schema={
            "type": "object",
            "properties": {"greeting": {"type": "string"}},
            "required": ["greeting"],
            "additionalProperties": False,
        },
    )

    def __init__(self, settings: dict[str, Any]) -> None:
        self.greeting: str = settings["greeting"]
        if self.greeting == "refuse":
            raise Refusal("refused as asked")
        log.info(f"configured for {fold(self.greeting)}")

    def check(self, event: Event) -> None:
        log.debug(event.kind)
        fired = timers.fired(event)
        if fired is not None:
            Finding("fired", Severity.LOW).evidence("name", fired.name).evidence("note", fired.note)
            Action("notify").member("u1").text(self.greeting)
            return
        text = event.text
        if text == "fail":
            raise Refusal("failed as asked")
        if text == "approve":
            approve("as asked")
            return
        self.tell_event(event)
        if event.actor is not None:
            tell_member(event.actor)
        tell_group(event.group, event.at)
        tell_history(event)
        tell_state(text)
        tell_text()
        if "act" in text:
            Action("mute").member("u2").text(text).lasts(60_000).detail("why", "asked")
            strike("u2", 2, 86_400_000)
            timers.start("later", 5_000, text)
        if text == "stop":
            timers.stop("later")

    def tell_event(self, event: Event) -> None:
        finding = Finding("event", Severity.NONE).confidence(0.5).message(self.greeting)
        folded = event.folded_text
        if folded:
            finding.span(*event.original(0, len(folded)))
        finding.evidence("id", event.id)
        finding.evidence("kind", event.kind)
        finding.evidence("at", event.at)
        finding.evidence("text", event.text)
        finding.evidence("folded", folded)
        finding.evidence("media", ",".join(event.media))
        finding.evidence("links", ",".join(event.links))
        finding.evidence("mentions", ",".join(event.mentions))
        finding.evidence("amount", or_dash(event.payload("/amounts/0")))


def tell_member(member: Member) -> None:
    finding = Finding("member", Severity.LOW)
    finding.evidence("id", member.id)
    finding.evidence("name", member.name)
    finding.evidence("roles", ",".join(member.roles))
    finding.evidence("joined", or_dash(member.joined_at))
    finding.evidence("labels", ",".join(member.labels))
    finding.evidence("strikes", member.strikes)
    finding.evidence("city", or_dash(member.attribute("city")))
    finding.evidence("none", or_dash(member.attribute("none")))


def tell_group(group: Group, at: int) -> None:
    finding = Finding("group", Severity.MEDIUM)
    finding.evidence("id", group.id)
    finding.evidence("brand", group.brand)
    finding.evidence("kind", group.kind)
    finding.evidence("name", group.name)
    finding.evidence("size", group.size)
    finding.evidence("labels", ",".join(group.labels))
    finding.evidence("city", or_dash(group.attribute("city")))
    finding.evidence("time", group.local_time_text(at))


def tell_history(event: Event) -> None:
    own = Query().kind("message.").within(3_600_000)
    if event.actor is not None:
        own.actor(event.actor.id)
    finding = Finding("history", Severity.HIGH)
    finding.evidence("own", own.count)
    finding.evidence("similar", Query().similar(0.5).count)
    finding.evidence("actors", Query().distinct_actors)
    finding.evidence("latest", ",".join(event.id for event in Query().latest(2)))


def tell_state(text: str) -> None:
    before = state.get("last")
    state.put("last", text)
    state.put("soon", text, 1_000)
    soon = state.get("soon")
    state.delete("soon")
    gone = state.get("soon")
    state.add("events", 2)
    finding = Finding("state", Severity.SEVERE)
    finding.evidence("before", or_dash(before))
    finding.evidence("soon", or_dash(soon))
    finding.evidence("gone", or_dash(gone))
    finding.evidence("sum", state.sum("events", 60_000))


def tell_text() -> None:
    words = WordList.open("words")
    finding = Finding("text", Severity.LOW)
    finding.evidence("hits", told(words.hits) if words else "-")
    finding.evidence("elsewhere", told(words.hits_in("再说加 V 信")) if words else "-")
    finding.evidence("missing", "there" if WordList.open("none") else "-")
    finding.evidence("folded", fold("ＡＢＣ 臺灣"))


def told(hits: list[Hit]) -> str:
    return ",".join(f"{hit.entry}@{hit.start}-{hit.end}" for hit in hits)


def or_dash(value: object) -> object:
    return "-" if value is None else value


Plugin, Checker = export(Conformance)
