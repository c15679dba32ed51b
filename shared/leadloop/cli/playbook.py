"""`leadloop playbook check | schema | diff | publish`: from a folder to the live playbook."""

import argparse
import json
import sys
from pathlib import Path

from leadloop.cli.check_pages import check_pages
from leadloop.cli.check_texts import check_texts
from leadloop.cli.stacks import add_system_arguments, find_system
from leadloop.cli.table import format_table
from leadloop.content.policy import DownloadOffer
from leadloop.edge.example_check import ExampleResult, check_examples
from leadloop.edge.live_playbook import PlaybookStore
from leadloop.model.errors import PlaybookInvalid, Stale
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.playbook.examples import load_examples
from leadloop.playbook.load import json_schemas, load_playbook
from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import diff

HEAD = ("", "example", "outcome", "rating", "points", "stage", "pool", "owner")


def install(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser("playbook", help="check, compare and publish playbooks")
    does = verb.add_subparsers(required=True, metavar="ACTION")
    checks = does.add_parser("check", help="load it, decide its examples, render its texts")
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
    add_system_arguments(publishes)
    publishes.set_defaults(run=run_publish)


def run_check(options: argparse.Namespace) -> int:
    """Print what each example becomes, and which texts and pages cannot be rendered for it.

    The exit code is 0 only if all examples become what they expect and all else is rendered.
    """
    try:
        playbook, examples = load_playbook(options.folder), load_examples(options.folder)
        results = tuple(check_examples(CompiledPlaybook(playbook), examples))
    except PlaybookInvalid as error:
        return _print_faults(error)
    print(format_table([HEAD, *map(_row, results)]))
    wrong = [result for result in results if result.faults]
    for result in wrong:
        print(f"\n{result.case}: {result.example.about}")
        for fault in result.faults:
            print(f"  {fault}")
        for reason in result.outcome.reasons:
            print(f"    · {reason}")
    leads = {
        each.case: (stored.person, stored.lead)
        for each in results
        if (stored := each.outcome.stored) is not None
    }
    broken_texts = (*check_texts(playbook, leads), *check_pages(playbook, examples))
    for fault in broken_texts:
        print(f"\n{fault}")
    count = len(results)
    print(f"\nplaybook {playbook.version}: {count - len(wrong)} of {count} examples as expected")
    return 1 if wrong or broken_texts else 0


def run_schema(_: argparse.Namespace) -> int:
    """Print the schemas as one JSON object, by the section's name."""
    print(json.dumps(json_schemas(), indent=2))
    return 0


def run_diff(options: argparse.Namespace) -> int:
    """Print one line for each value that differs."""
    try:
        before, after = load_playbook(options.before), load_playbook(options.after)
    except PlaybookInvalid as error:
        return _print_faults(error)
    _print_diff(before, after)
    return 0


def run_publish(options: argparse.Namespace) -> int:
    """Check the playbook and make it the live one; the system uses it within seconds.

    Raises:
        NoSystem: there is no system to publish to.

    """
    if code := run_check(options):
        return code
    system = find_system(options)
    playbooks = PlaybookStore(system.client("s3"), system.playbook_bucket)
    draft = load_playbook(options.folder)
    if missing := put_assets(draft, options.folder, playbooks):
        print(f"offers give away what is not in assets/: {', '.join(missing)}", file=sys.stderr)
        return 1
    return publish(draft, playbooks, options.instead_of)


def put_assets(draft: Playbook, folder: Path, playbooks: PlaybookStore) -> tuple[str, ...]:
    """Upload the files that offers give away; return the names of missing ones."""
    files = {o.file for o in draft.offers.values() if isinstance(o, DownloadOffer)}
    assets = {path.name: path for path in sorted((folder / "assets").glob("*"))}
    for name in sorted(files & assets.keys()):
        playbooks.put_asset(name, assets[name].read_bytes())
    return playbooks.missing_assets(draft)


def publish(draft: Playbook, playbooks: PlaybookStore, instead_of: str | None = None) -> int:
    """Publish the playbook and print what changes; exit code 1 if another one came between.

    `instead_of` is the version that must be live; without it, the one that is live now.
    """
    try:
        live = playbooks.live().playbook
    except PlaybookInvalid:  # there is none yet, or it is broken
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


def _row(result: ExampleResult) -> tuple[str, ...]:
    outcome = result.outcome
    points = "" if outcome.score is None else str(outcome.score)
    mark = "✗" if result.faults else "✓"
    return (
        mark,
        result.case,
        outcome.outcome,
        outcome.rating,
        points,
        outcome.stage,
        outcome.pool,
        outcome.owner,
    )


def _print_faults(error: PlaybookInvalid) -> int:
    print(error, file=sys.stderr)
    return 1
