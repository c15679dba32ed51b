"""A figure beside its anchor and its limit; PERFORMANCE's goals have the same numbers."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

MARGIN = 1.3  # what a ratio may be off, on a machine that others use too


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the bench. `limit` None: reported only. An exact count has no margin.

    `stands` is what a figure had come to when it was last looked into: while its limit is out of
    reach, nothing may make it worse. Why it is out of reach is in the README.
    """

    goal: str
    what: str
    value: float
    unit: str
    kind: Literal["exact", "ratio", "size", "time"]
    anchor: str = ""
    limit: float | None = None
    stands: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """`reached`; `margin`: over by less than noise; `short`: over, but no worse than it stands.

        Else `missed`; empty when nothing is asked.
        """
        if self.limit is None:
            return ""
        if self.value <= self.limit:
            return "reached"
        noise = MARGIN if self.kind in {"ratio", "time"} else 1
        if self.value <= self.limit * noise:
            return "margin"
        return "short" if self.stands and self.value <= self.stands * noise else "missed"


Goal = Callable[[], Sequence[Figure]]


def format_table(figures: Sequence[Figure]) -> str:
    """Aligned columns, one figure a line."""
    head = ("goal", "what", "value", "unit", "limit", "verdict", "anchor", "note")
    rows = [
        (
            each.goal,
            each.what,
            _format_value(each.value),
            each.unit,
            "" if each.limit is None else f"{each.limit:g}",
            each.verdict,
            each.anchor,
            each.note,
        )
        for each in figures
    ]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if name in {"value", "limit"} else cell.ljust(width)
            for name, cell, width in zip(head, row, widths, strict=True)
        ).rstrip()
        for row in (head, tuple("-" * width for width in widths), *rows)
    ]
    return "\n".join(lines)


def _format_value(value: float) -> str:
    """Three digits that say something, and no fewer than stand before the point."""
    digits = 0 if abs(value) >= 100 else 3 if 0 < abs(value) < 0.1 else 2
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_json(figures: Sequence[Figure]) -> str:
    """The same for machines."""
    return json.dumps(
        [{**asdict(each), "verdict": each.verdict} for each in figures],
        ensure_ascii=False,
        indent=2,
    )
