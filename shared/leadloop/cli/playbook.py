"""`leadloop playbook check DIR`, `schema`, `diff DIR DIR`: a playbook before it is published."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from leadloop.cli.check import Checked, checked
from leadloop.cli.examples import examples
from leadloop.model.errors import PlaybookInvalid
from leadloop.playbook.compiled import Compiled
from leadloop.playbook.load import load, schema
from leadloop.playbook.versions import diff

HEAD = ("", "example", "outcome", "rating", "points", "stage", "pool", "owner")


def install(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser("playbook", help="check a playbook before it is published")
    does = verb.add_subparsers(required=True, metavar="ACTION")
    checks = does.add_parser("check", help="load it and decide its examples")
    checks.add_argument("folder", type=Path)
    checks.set_defaults(run=run_check)
    schemas = does.add_parser("schema", help="JSON Schema of each kind of file")
    schemas.set_defaults(run=run_schema)
    diffs = does.add_parser("diff", help="what changes from one folder to another, value by value")
    diffs.add_argument("before", type=Path)
    diffs.add_argument("after", type=Path)
    diffs.set_defaults(run=run_diff)


def run_check(given: argparse.Namespace) -> int:
    """Exit code 0 only if the playbook loads and every example becomes what it expects."""
    try:
        playbook = load(given.folder)
        results = tuple(checked(Compiled(playbook), examples(given.folder)))
    except PlaybookInvalid as error:
        return _refused(error)
    print(table([HEAD, *map(_row, results)]))
    wrong = [result for result in results if result.faults]
    for result in wrong:
        print(f"\n{result.case}: {result.example.about}")
        for fault in result.faults:
            print(f"  {fault}")
        for reason in result.became.reasons:
            print(f"    · {reason}")
    count = len(results)
    print(f"\nplaybook {playbook.version}: {count - len(wrong)} of {count} examples as expected")
    return 1 if wrong else 0


def run_schema(_: argparse.Namespace) -> int:
    """By the section's name, to standard output."""
    print(json.dumps(schema(), indent=2))
    return 0


def run_diff(given: argparse.Namespace) -> int:
    """One line for each value that differs."""
    try:
        before, after = load(given.before), load(given.after)
    except PlaybookInvalid as error:
        return _refused(error)
    for each in diff(before, after):
        print(f"{each.path}: {each.before or '–'} → {each.after or '–'}")
    return 0


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows in aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(result: Checked) -> tuple[str, ...]:
    became = result.became
    points = "" if became.score is None else str(became.score)
    mark = "✗" if result.faults else "✓"
    return (
        mark,
        result.case,
        became.outcome,
        became.rating,
        points,
        became.stage,
        became.pool,
        became.owner,
    )


def _refused(error: PlaybookInvalid) -> int:
    print(error, file=sys.stderr)
    return 1
