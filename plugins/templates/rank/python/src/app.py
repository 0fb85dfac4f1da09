"""Ranks what is fresh, what is read, and what a group cares about."""

import math
from typing import Any

from usher_plugin import Manifest, Rank, Table, export

#: Times shown that an item needs before its reads are believed.
DOUBT = 40


class Fresh(Rank):
    manifest = Manifest(
        name="{{name}}",
        version="0.1.0",
        summary="Ranks what is fresh, what is read, and what a group cares about.",
        columns=["age_hours", "reads@30d", "impressions@30d", "topic"],
        settings_schema={
            "type": "object",
            "properties": {
                "half_life_hours": {"type": "number", "exclusiveMinimum": 0, "default": 48},
                "topics": {"type": "array", "items": {"type": "string", "minLength": 1}, "default": []},
            },
            "additionalProperties": False,
        },
    )

    def __init__(self, settings: dict[str, Any]) -> None:
        self.half_life_hours = settings.get("half_life_hours", 48)
        self.topics = set(settings.get("topics", []))

    def rank(self, items: Table) -> None:
        ages = items.numbers("age_hours")
        items.contribute("新鲜", [known(50 * 0.5 ** (age / self.half_life_hours)) for age in ages])

        reads, shown = items.numbers("reads@30d"), items.numbers("impressions@30d")
        read = [50 * known(read) / (known(times) + DOUBT) for read, times in zip(reads, shown)]
        items.contribute("读的人多", read)

        topics = items.texts("topic")
        items.contribute("本群关心的话题", [10.0 if topic in self.topics else 0.0 for topic in topics])


def known(value: float) -> float:
    return 0.0 if math.isnan(value) else value


Plugin, Ranker = export(Fresh)
