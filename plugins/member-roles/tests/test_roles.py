"""The roles, without a host: ``python3 -m unittest discover -s tests`` in the plugin's folder."""

from __future__ import annotations

import sys
import unittest
from math import nan
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from roles import COLUMNS, FLOORS, MEASURED, ROLES, Population, judge, share, top, usual_applause  # noqa: E402

POPULATION = Population({name: FLOORS[name] for name in MEASURED}, 0.25)
EVEN = dict.fromkeys(ROLES, 1.0)


def row(**known: float) -> dict[str, float]:
    """A member who does nothing but this; ``messages_days`` is ``messages.days@90d``."""
    values = dict.fromkeys(COLUMNS, 0.0)
    for name, value in known.items():
        column = next(column for column in COLUMNS if column.replace(".", "_").removesuffix("@90d") == name)
        values[column] = value
    return values


def best(**known: float) -> str:
    return judge(row(**known), POPULATION, 35, EVEN).best


class Roles(unittest.TestCase):
    def test_each_role_has_somebody_who_is_it(self) -> None:
        people = {
            "organiser": {"invites_people": 4, "red_packets_days": 3, "checkins_days": 30, "messages": 60},
            "thinker": {"messages": 30, "reactions_received": 40, "reactions_received_people": 12},
            "talker": {"messages": 400, "messages_days": 60, "replies": 60},
            "asker": {"messages": 20, "answers_received": 9, "answers_received_people": 5},
            "onlooker": {"presence_minutes_days": 60, "reads_days": 30},
            "challenger": {"messages": 40, "replies": 50, "replies_received": 60, "replies_received_people": 15},
        }
        self.assertEqual({role: best(**known) for role, known in people.items()}, {role: role for role in people})

    def test_who_does_little_of_anything_has_none(self) -> None:
        self.assertEqual(best(), "")
        self.assertEqual(best(messages=20, messages_days=8), "")

    def test_applause_of_one_friend_makes_no_thinker(self) -> None:
        self.assertEqual(best(messages=30, reactions_received=90, reactions_received_people=1), "")

    def test_who_talks_is_no_onlooker(self) -> None:
        self.assertNotEqual(best(presence_minutes_days=60, reads_days=30, messages=12), "onlooker")

    def test_weights_lift_a_role(self) -> None:
        values = row(messages=60, messages_days=20, answers_received=3, answers_received_people=2)
        self.assertEqual(judge(values, POPULATION, 35, EVEN).best, "asker")
        self.assertEqual(judge(values, POPULATION, 35, {**EVEN, "asker": 0.5}).best, "talker")

    def test_all_that_a_role_is_made_of_adds_up(self) -> None:
        for role, parts in ROLES.items():
            self.assertAlmostEqual(sum(parts.values()), 1.0, msg=role)
        full = judge({name: 1e9 for name in COLUMNS}, POPULATION, 35, EVEN)
        self.assertTrue(all(0 <= points <= 100 for points in full.points.values()), full)

    def test_what_is_not_known_is_nothing(self) -> None:
        self.assertEqual(judge(dict.fromkeys(COLUMNS, nan), POPULATION, 35, EVEN).best, "")
        self.assertEqual(share(nan, 1), 0)
        self.assertEqual(top(nan, 3), 3)
        self.assertEqual(usual_applause(nan, nan), 0.1)


if __name__ == "__main__":
    unittest.main()
