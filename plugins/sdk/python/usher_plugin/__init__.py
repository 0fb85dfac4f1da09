"""Write Usher plugins in Python.

A plugin is built from settings once and then judges one event at a time, or a table of members or of items. The host snapshots it after it was built, and
every event meets a fresh copy of that snapshot: build what is expensive in ``__init__``, and don't try to remember
anything in the plugin itself (that is what :mod:`usher_plugin.state` is for). Import at the top of the module: once the
component is built, there are no files to import from.
"""

from wit_world import exports

from . import log
from .plugin import Manifest, Refusal

# A component imports what its hook may use, and nothing else is there.
if hasattr(exports, "Checker"):
    from . import state, timers
    from .check import Check, export
    from .effects import Action, Finding, Severity, approve, strike
    from .event import Event, Group, Member
    from .history import Query
    from .text import WordList, fold

    __all__ = [
        "Action",
        "Check",
        "Event",
        "Finding",
        "Group",
        "Manifest",
        "Member",
        "Query",
        "Refusal",
        "Severity",
        "WordList",
        "approve",
        "export",
        "fold",
        "log",
        "state",
        "strike",
        "timers",
    ]
else:
    from .score import Rank, Score, export
    from .table import Table

    __all__ = ["Manifest", "Rank", "Refusal", "Score", "Table", "export", "log"]
