"""Members or items to be judged, column by column."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TypeVar

from componentize_py_types import Err
from wit_world.imports import tables as raw

from .plugin import Refusal

T = TypeVar("T")

#: Where the population is asked about for :meth:`Table.standing`: each hundredth.
_SHARES = [step / 100 for step in range(101)]


class Table:
    """Some of the members or items of a run. Each column has a value for each row, in the same order."""

    def __init__(self, table: raw.Table) -> None:
        self._raw = table

    def __len__(self) -> int:
        return self._raw.size()

    @property
    def ids(self) -> list[str]:
        """Who or what the rows are."""
        return self._raw.ids()

    def numbers(self, column: str) -> list[float]:
        """A column of numbers that the manifest named; NaN where the value is not known."""
        return _asked(lambda: self._raw.numbers(column))

    def texts(self, column: str) -> list[str]:
        """A column of texts that the manifest named; empty where the value is not known."""
        return _asked(lambda: self._raw.texts(column))

    def quantiles(self, column: str, shares: Sequence[float]) -> list[float]:
        """Quantiles of a column of numbers over the whole population, not only this table; each share is from 0 to 1.
        NaN when nothing is known of anybody."""
        return _asked(lambda: self._raw.quantiles(column, list(shares)))

    def quantile(self, column: str, share: float) -> float:
        """One of the :meth:`quantiles`."""
        return self.quantiles(column, [share])[0]

    def standing(self, column: str) -> list[float]:
        """For each row, the share of the whole population (0 to 1) that has less in a column of numbers, exact to a
        hundredth; NaN where the row's value is not known. The least that anybody has stands at 0, however many have
        it."""
        quantiles = self.quantiles(column, _SHARES)
        return [standing(quantiles, value) for value in self.numbers(column)]

    def contribute(self, reason: str, points: Sequence[float]) -> None:
        """Adds to every row's score, with the reason that people will read. The score is the sum of all contributions.
        Raises when there is not exactly one number a row, or one of them is NaN: say what a missing value is worth."""
        _asked(lambda: self._raw.contribute(reason, list(points)))

    def exclude(self, row: int, reason: str) -> None:
        """A row that can't be chosen, whatever its score, and why."""
        self._raw.exclude(row, reason)

    def label(self, row: int, label: str) -> None:
        """A word for a row."""
        self._raw.label(row, label)

    def parameter(self, name: str) -> str | None:
        """Why this table is asked for, by name: ``slot``, ``at``, ``limit``, ..."""
        return self._raw.parameter(name)


def standing(quantiles: Sequence[float], value: float) -> float:
    """The share that has less, by quantiles at even steps from the least to the most."""
    last = len(quantiles) - 1
    if last < 1 or math.isnan(value) or math.isnan(quantiles[0]):
        return math.nan
    above = bisect_left(quantiles, value)
    if above == 0:
        return 0.0
    if above > last:
        return 1.0
    low = quantiles[above - 1]
    return (above - 1 + (value - low) / (quantiles[above] - low)) / last


def _asked(work: Callable[[], T]) -> T:
    """What the host refuses comes as a text."""
    try:
        return work()
    except Err as error:
        raise Refusal(str(error.value)) from None
