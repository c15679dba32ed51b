"""`make bench`: every figure beside its anchor and its limit, as a table and as JSON.

`make bench ONLY="1 2 7"` runs those goals; `FULL=1` grows to 100,000 leads, and
imports as many rows.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.bench import (
    cold,
    growth,
    imports,
    instructions,
    recompute,
    rules,
    steps,
    units,
    wait,
    warm,
)
from tests.bench.goals import Figure, Goal, format_json, format_table

GOALS: Mapping[str, Goal] = {
    "1": units.calls_per_lead,
    "2": units.units_per_lead,
    "3": units.dollars_per_lead,
    "4": steps.nurture_steps,
    "5": instructions.measure_way,
    "5b": instructions.measure_batches,
    "6": growth.measure_growth,
    "7": rules.measure_rules,
    "9": cold.measure_cold_starts,
    "9i": instructions.measure_starts,
    "10": cold.measure_compiled_modules,
    "11": warm.warm_capture,
    "12": cold.measure_packages,
    "14": wait.door_to_mail,
    "imports": imports.rows_a_second,
    "recompute": recompute.measure_recompute,
}
FULL: Mapping[str, Goal] = {
    "6": lambda: growth.measure_growth(1_000, 100_000),
    "imports": imports.all_rows_a_second,
}


def main() -> None:
    """Ends with 1 when a figure is over its limit, by more than noise, and worse than it stands."""
    asked = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    asked.add_argument("goals", nargs="*", choices=[*GOALS, []], help="default: all")
    asked.add_argument("--full", action="store_true", help="100,000 leads and rows")
    asked.add_argument("--json", type=Path, default=Path(".local/bench.json"))
    options = asked.parse_args()
    figures: list[Figure] = []
    for goal in options.goals or GOALS:
        print(f"measuring goal {goal} …", file=sys.stderr, flush=True)
        figures += GOALS[goal]()
        if goal in FULL and options.full:
            figures += FULL[goal]()
    print(format_table(figures))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(format_json(figures))
    print(f"\nThe same as JSON: {options.json}")
    sys.exit(any(each.verdict == "missed" for each in figures))


if __name__ == "__main__":
    main()
