"""`leadloop playbook check | schema | diff | publish`: from a folder to the live playbook."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import boto3

from leadloop.cli.check import ExampleResult, check_examples
from leadloop.cli.examples import load_examples
from leadloop.cli.stacks import DATA, outputs
from leadloop.content.policy import DownloadOffer
from leadloop.edge.live_playbook import PlaybookStore
from leadloop.model.errors import PlaybookInvalid, Stale
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.playbook.load import json_schemas, load_playbook
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import diff

HEAD = ("", "example", "outcome", "rating", "points", "stage", "pool", "owner")


def install(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser("playbook", help="check, compare and publish playbooks")
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
    publishes = does.add_parser("publish", help="make it the live one, if its examples hold")
    publishes.add_argument("folder", type=Path)
    publishes.add_argument("--instead-of", metavar="VERSION", help="only if this one is live")
    publishes.set_defaults(run=run_publish)


def run_check(given: argparse.Namespace) -> int:
    """Exit code 0 only if the playbook loads and every example becomes what it expects."""
    try:
        playbook = load_playbook(given.folder)
        results = tuple(check_examples(CompiledPlaybook(playbook), load_examples(given.folder)))
    except PlaybookInvalid as error:
        return _print_faults(error)
    print(format_table([HEAD, *map(_row, results)]))
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
    print(json.dumps(json_schemas(), indent=2))
    return 0


def run_diff(given: argparse.Namespace) -> int:
    """One line for each value that differs."""
    try:
        before, after = load_playbook(given.before), load_playbook(given.after)
    except PlaybookInvalid as error:
        return _print_faults(error)
    _print_diff(before, after)
    return 0


def run_publish(given: argparse.Namespace) -> int:
    """The deployed system decides by it within seconds."""
    if code := run_check(given):
        return code
    playbooks = PlaybookStore(boto3.client("s3"), outputs(DATA)["PlaybookBucketName"])
    draft = load_playbook(given.folder)
    if missing := put_assets(draft, given.folder, playbooks):
        print(f"offers give away what is not in assets/: {', '.join(missing)}", file=sys.stderr)
        return 1
    return publish(draft, playbooks, given.instead_of)


def put_assets(draft: Playbook, folder: Path, playbooks: PlaybookStore) -> tuple[str, ...]:
    """The files that offers give away, before anybody is promised them; answers what is missing."""
    files = {o.file for o in draft.offers.values() if isinstance(o, DownloadOffer)}
    found = {path.name: path for path in sorted((folder / "assets").glob("*"))}
    for name in sorted(files & found.keys()):
        playbooks.put_asset(name, found[name].read_bytes())
    return tuple(name for name in sorted(files - found.keys()) if not playbooks.has_asset(name))


def publish(draft: Playbook, playbooks: PlaybookStore, instead_of: str | None = None) -> int:
    """Never over a playbook that came between: what changes is said against the one replaced."""
    try:
        live = playbooks.live().playbook
    except PlaybookInvalid:  # the first one, or what lies there is broken: anything is better
        live = None
    try:
        playbooks.publish(draft, instead_of=instead_of or (live.version if live else None))
    except Stale as error:
        print(error, file=sys.stderr)
        return 1
    if live is not None:
        _print_diff(live, draft)
    print(f"{draft.version} is live instead of {live.version if live else 'none'}")
    return 0


def _print_diff(before: Playbook, after: Playbook) -> None:
    for each in diff(before, after):
        print(f"{each.path}: {each.before or '–'} → {each.after or '–'}")


def format_table(rows: Sequence[Sequence[str]]) -> str:
    """Rows in aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(result: ExampleResult) -> tuple[str, ...]:
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


def _print_faults(error: PlaybookInvalid) -> int:
    print(error, file=sys.stderr)
    return 1
