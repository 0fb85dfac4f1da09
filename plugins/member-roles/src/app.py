"""Six roles, a score for each, the best one as a label. The only file that talks to the host."""

from __future__ import annotations

from typing import Any

from usher_plugin import Manifest, Refusal, Score, Table, export

from roles import COLUMNS, FLOORS, MEASURED, ROLES, Population, judge, top, usual_applause

#: What people read, by role.
LABELS = {
    "organiser": "组织者",
    "thinker": "思考者",
    "talker": "健谈者",
    "asker": "求教者",
    "onlooker": "围观者",
    "challenger": "挑战者",
}
REASONS = {
    "organiser": "邀请、发红包、打卡",
    "thinker": "发言少而被认可多",
    "talker": "发言多、天天聊",
    "asker": "常提问并得到解答",
    "onlooker": "常在场、常阅读、少发言",
    "challenger": "常质疑、回应多于点赞",
}

#: Where what is usual is looked up: far enough up that somebody does it.
USUAL = 0.75

PROPERTIES: dict[str, Any] = {
    "least": {
        "description": "Points that it takes to be called so.",
        "type": "number",
        "minimum": 0,
        "maximum": 100,
        "default": 35,
    },
    "top": {
        "description": "From which share of the population on a number counts in full.",
        "type": "number",
        "minimum": 0.5,
        "maximum": 1,
        "default": 0.98,
    },
    "weights": {
        "description": "Lifts a role, or switches it off with 0.",
        "type": "object",
        "additionalProperties": False,
        "properties": {role: {"type": "number", "minimum": 0, "maximum": 10, "default": 1} for role in ROLES},
        "default": dict.fromkeys(ROLES, 1),
    },
    "labels": {
        "description": "What they are called.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            role: {"type": "string", "minLength": 1, "maxLength": 64, "default": label}
            for role, label in LABELS.items()
        },
        "default": LABELS,
    },
}


class MemberRoles(Score):
    manifest = Manifest(
        name="member-roles",
        version="0.1.0",
        summary="Six roles (organiser, thinker, talker, asker, onlooker, challenger), and the best one as a label.",
        columns=list(COLUMNS),
        settings_schema={"type": "object", "additionalProperties": False, "properties": PROPERTIES},
    )

    def __init__(self, settings: dict[str, Any]) -> None:
        self.least = settings.get("least", PROPERTIES["least"]["default"])
        self.top = settings.get("top", PROPERTIES["top"]["default"])
        self.weights = {**dict.fromkeys(ROLES, 1), **settings.get("weights", {})}
        self.labels = {**LABELS, **settings.get("labels", {})}
        if len(set(self.labels.values())) < len(ROLES):
            raise Refusal("labels: each role needs a label of its own")

    def score(self, members: Table) -> None:
        columns = {name: members.numbers(name) for name in COLUMNS}
        population = self.population(members)
        points: dict[str, list[float]] = {role: [] for role in ROLES}
        for row in range(len(members)):
            values = {name: column[row] for name, column in columns.items()}
            judged = judge(values, population, self.least, self.weights)
            for role, earned in judged.points.items():
                points[role].append(earned)
            if judged.best:
                members.label(row, self.labels[judged.best])
        for role, earned in points.items():
            members.contribute(f"{self.labels[role]}：{REASONS[role]}", earned)

    def population(self, members: Table) -> Population:
        tops = {name: top(members.quantile(name, self.top), FLOORS[name]) for name in MEASURED}
        reactions, messages = (members.quantile(name, USUAL) for name in ("reactions_received@90d", "messages@90d"))
        return Population(tops, usual_applause(reactions, messages))


Plugin, Scorer = export(MemberRoles)
