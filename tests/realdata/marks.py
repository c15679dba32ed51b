"""The pass marks as a table: what was measured on each set beside what is asked of it.

A row travels as a property of its test's report, so that it comes back from xdist's workers too.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pytest

PROPERTY = "mark"


class Mark(NamedTuple):
    """One row: `data_set` is the folder, `figure` what was measured, `wanted` the mark itself."""

    data_set: str
    measure: str
    figure: str
    wanted: str
    met: bool


class Marks:
    """What a test writes its rows to; a mark that is missed fails the test, with all its rows."""

    def __init__(self, node: pytest.Item) -> None:
        self._node = node
        self._missed: list[Mark] = []

    def row(self, data_set: str, measure: str, figure: str, wanted: str, *, met: bool) -> None:
        """Any measure, in words."""
        row = Mark(data_set, measure, figure, wanted, met)
        self._node.user_properties.append((PROPERTY, tuple(row)))
        if not met:
            self._missed.append(row)

    def share(self, data_set: str, measure: str, right: int, of: int, *, at_least: float) -> None:
        """`right` of `of`; `at_least` is a share of 1."""
        figure = f"{right} of {of}, {right / max(of, 1):.1%}"
        met = of > 0 and right / of >= at_least
        self.row(data_set, measure, figure, f"≥ {at_least:.1%}", met=met)

    def at_most(
        self, data_set: str, measure: str, figure: float, most: float, unit: str = ""
    ) -> None:
        """A count or a cost that may not be more than `most`."""
        shown = f"{figure:.3g}" if isinstance(figure, float) else f"{figure}"
        self.row(data_set, measure, f"{shown} {unit}", f"≤ {most:g} {unit}", met=figure <= most)

    def check(self) -> None:
        """At the end of the test, so that one missed mark hides no other row."""
        assert self._missed == []


def rows_of(reports: Iterable[object]) -> Iterator[Mark]:
    """All rows of all tests that ran, whichever process ran them."""
    for report in reports:
        if isinstance(report, pytest.TestReport) and report.when == "call":
            rows: list[Any] = [row for name, row in report.user_properties if name == PROPERTY]
            yield from (Mark(*row) for row in rows)


def format_table(rows: Iterable[Mark]) -> list[str]:
    """Aligned lines, sets in alphabetical order."""
    cells = [("set", "measure", "figure", "mark", "")]
    cells += [
        (row.data_set, row.measure, row.figure.strip(), row.wanted.strip(), "✓" if row.met else "✗")
        for row in sorted(rows)
    ]
    widths = [max(len(line[n]) for line in cells) for n in range(4)]
    return ["  ".join([*map(str.ljust, line, widths), line[4]]).rstrip() for line in cells]
