"""Six roles, and how much of each somebody has. Pure: nothing here knows of a host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

#: What makes a role: columns of the ledger, by name, with what each weighs. The weights of a role add up to 1.
ROLES: Mapping[str, Mapping[str, float]] = {
    "organiser": {"invites.people@90d": 0.45, "red_packets.days@90d": 0.3, "checkins.days@90d": 0.25},
    "thinker": {"reactions_received.people@90d": 0.4, "applause": 0.6},
    "talker": {"messages@90d": 0.5, "messages.days@90d": 0.25, "replies@90d": 0.25},
    "asker": {"answers_received@90d": 0.5, "answers_received.people@90d": 0.5},
    "onlooker": {"watching": 1.0},
    "challenger": {"replies@90d": 0.3, "replies_received.people@90d": 0.3, "dissent": 0.4},
}

#: Columns that the ledger has; the others are made of them.
COLUMNS: Sequence[str] = (
    "invites.people@90d",
    "red_packets.days@90d",
    "checkins.days@90d",
    "reactions_received@90d",
    "reactions_received.people@90d",
    "replies_received@90d",
    "replies_received.people@90d",
    "messages@90d",
    "messages.days@90d",
    "replies@90d",
    "answers_received@90d",
    "answers_received.people@90d",
    "presence_minutes.days@90d",
    "reads.days@90d",
)

#: Columns that are held against the population.
MEASURED: Sequence[str] = tuple(name for name in COLUMNS if name not in ("reactions_received@90d", "replies_received@90d"))

#: Where hardly anybody does something, so much of it counts in full.
FLOORS: Mapping[str, float] = {
    "invites.people@90d": 3,
    "red_packets.days@90d": 3,
    "checkins.days@90d": 20,
    "reactions_received.people@90d": 10,
    "messages@90d": 100,
    "messages.days@90d": 30,
    "replies@90d": 50,
    "answers_received@90d": 5,
    "answers_received.people@90d": 3,
    "presence_minutes.days@90d": 30,
    "reads.days@90d": 20,
    "replies_received.people@90d": 10,
}

#: Messages after which it can be said what others make of them.
ENOUGH_MESSAGES = 10.0
#: How many times as many reactions to a message as is usual are as many as a thinker gets.
APPLAUSE_TOP = 4.0
#: Applause counts only as far as it comes from many: full from this part of the top on.
FANS = 2.0
#: What is usual where hardly anybody reacts.
APPLAUSE_FLOOR = 0.1
#: So many more replies than reactions, for each, are as many as a challenger gets.
DISSENT_TOP = 0.75
#: Dissent counts only as far as somebody replies to others: full from this part of the top on.
DISPUTES = 2.0


@dataclass(frozen=True)
class Judged:
    """What is said of one member."""

    #: A number for each role, from 0 to 100.
    points: dict[str, float]
    #: The role that is most theirs; empty when none is much so.
    best: str


@dataclass(frozen=True)
class Population:
    """What the members are held against."""

    #: What counts in full, by column.
    tops: Mapping[str, float]
    #: Reactions to a message, usually.
    applause: float


def judge(row: Mapping[str, float], population: Population, least: float, weights: Mapping[str, float]) -> Judged:
    """How much of each role somebody has. ``row`` has the COLUMNS."""
    tops = population.tops
    shares = {name: share(row[name], tops[name]) for name in MEASURED}
    # Applause of one friend is none.
    heard = min(applause(row, population.applause), FANS * shares["reactions_received.people@90d"])
    # To be contradicted is not to contradict.
    disputed = min(dissent(row), DISPUTES * shares["replies@90d"])
    shares |= {"applause": heard, "watching": watching(row, tops), "dissent": disputed}
    points = {
        role: round(100 * weights[role] * sum(shares[name] * weight for name, weight in parts.items()), 2)
        for role, parts in ROLES.items()
    }
    best = max(points, key=lambda role: points[role])
    return Judged(points, best if points[best] >= least else "")


def share(value: float, top: float) -> float:
    """From 0, at nothing, to 1, at the top and above."""
    return 0.0 if isnan(value) or value <= 0 else min(value / top, 1.0)


def top(quantile: float, floor: float) -> float:
    """What counts in full: the population's top, but no less than the floor."""
    return floor if isnan(quantile) else max(quantile, floor)


def applause(row: Mapping[str, float], usual: float) -> float:
    """Reactions to each message: little said, much of it liked. Only once there is enough to tell."""
    messages = known(row["messages@90d"])
    if messages < ENOUGH_MESSAGES:
        return 0.0
    return share(known(row["reactions_received@90d"]) / messages, APPLAUSE_TOP * usual)


def usual_applause(reactions: float, messages: float) -> float:
    """What is usual, from quantiles of the population."""
    usual = reactions / messages if messages > 0 else APPLAUSE_FLOOR
    return APPLAUSE_FLOOR if isnan(usual) else max(usual, APPLAUSE_FLOOR)


def watching(row: Mapping[str, float], tops: Mapping[str, float]) -> float:
    """There, or reading, and saying nothing."""
    there = share(row["presence_minutes.days@90d"], tops["presence_minutes.days@90d"])
    there = max(there, share(row["reads.days@90d"], tops["reads.days@90d"]))
    return there * max(0.0, 1.0 - known(row["messages@90d"]) / ENOUGH_MESSAGES)


def dissent(row: Mapping[str, float]) -> float:
    """Replies without applause: what they write is answered more than it is liked."""
    replies, reactions = known(row["replies_received@90d"]), known(row["reactions_received@90d"])
    if replies < ENOUGH_MESSAGES or replies <= reactions:
        return 0.0
    return share((replies - reactions) / (replies + reactions), DISSENT_TOP)


def known(value: float) -> float:
    """What is not known is nothing."""
    return 0.0 if isnan(value) else max(value, 0.0)
