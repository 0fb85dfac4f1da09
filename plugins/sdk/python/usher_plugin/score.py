"""The hooks that score members and rank items."""

from __future__ import annotations

from typing import Any, ClassVar

from wit_world import exports

from .plugin import Manifest, built
from .table import Table


class Score:
    """A plugin that scores members, a table at a time.

    A run has more members than a table has rows: what a row is worth must depend on that row, on quantiles of the whole
    population and on the settings, and not on the other rows.
    """

    #: What the plugin is, and the columns that it wants to see.
    manifest: ClassVar[Manifest]

    def __init__(self, settings: dict[str, Any]) -> None:
        """Builds what every call starts from. The settings fit the manifest's schema. What it raises is shown to the
        operator."""

    def score(self, members: Table) -> None:
        """Scores one table. What it raises means that the plugin could not: the whole run fails with its words."""
        raise NotImplementedError("a plugin that scores needs `def score(self, members)`")


class Rank:
    """A plugin that ranks what could be shown in a group or to a member, a table at a time."""

    #: What the plugin is, and the columns that it wants to see.
    manifest: ClassVar[Manifest]

    def __init__(self, settings: dict[str, Any]) -> None:
        """Builds what every call starts from. The settings fit the manifest's schema. What it raises is shown to the
        operator."""

    def rank(self, items: Table) -> None:
        """Ranks one table. What it raises means that the plugin could not: the whole run fails with its words."""
        raise NotImplementedError("a plugin that ranks needs `def rank(self, items)`")


def export(plugin: type[Score] | type[Rank]) -> tuple[type[exports.Plugin], Any]:
    """The component's exports: ``Plugin, Scorer = export(MyPlugin)`` or ``Plugin, Ranker = export(MyPlugin)``, at the end
    of ``app.py``."""
    exported, call = built(plugin)
    if issubclass(plugin, Score):

        class Scorer(exports.Scorer):
            def score(self, members: Any) -> None:
                call(lambda plugin: plugin.score(Table(members)))

        return exported, Scorer

    class Ranker(exports.Ranker):
        def rank(self, items: Any) -> None:
            call(lambda plugin: plugin.rank(Table(items)))

    return exported, Ranker
