"""Scores members who help others and are often there."""

import math
from typing import Any

from usher_plugin import Manifest, Score, Table, export


class Helpers(Score):
    manifest = Manifest(
        name="{{name}}",
        version="0.1.0",
        summary="Scores members who help others and are often there.",
        columns=["answers@90d", "messages.days@30d", "member_days"],
        settings_schema={
            "type": "object",
            "properties": {
                "helping": {"type": "number", "minimum": 0, "default": 60},
                "being_active": {"type": "number", "minimum": 0, "default": 40},
                "least_days": {"type": "integer", "minimum": 0, "default": 30},
            },
            "additionalProperties": False,
        },
    )

    def __init__(self, settings: dict[str, Any]) -> None:
        self.helping = settings.get("helping", 60)
        self.being_active = settings.get("being_active", 40)
        self.least_days = settings.get("least_days", 30)

    def score(self, members: Table) -> None:
        # Where each member stands among all, not only among those of this table.
        members.contribute("帮助他人", points(members.standing("answers@90d"), self.helping))
        members.contribute("经常在群里", points(members.standing("messages.days@30d"), self.being_active))
        for row, days in enumerate(members.numbers("member_days")):
            if days < self.least_days:
                members.exclude(row, f"入群不满{self.least_days}天")


def points(standing: list[float], weight: float) -> list[float]:
    """What is not known is worth nothing."""
    return [0.0 if math.isnan(share) else share * weight for share in standing]


Plugin, Scorer = export(Helpers)
