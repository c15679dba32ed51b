"""`leadloop recompute ID | --all`: makes decisions again from what they saw, and compares.

Nothing is written. With `--all` the ids come from the register, and each core does a part of them.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from botocore.exceptions import ClientError

from leadloop.cli.stacks import DeployedSystem, add_system_arguments, find_system
from leadloop.cli.table import format_table, printable
from leadloop.code_version import code_version
from leadloop.decide.recompute import Comparison, Recomputation, count_comparisons
from leadloop.edge.clock import pause
from leadloop.edge.live_playbook import PlaybookStore
from leadloop.edge.versioned_objects import http_status
from leadloop.model.errors import PlaybookInvalid
from leadloop.playbook.compiled import CompiledPlaybook
from leadloop.store import register
from leadloop.store.decision_history import Recomputer
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.keys import NO_PEPPER, Keys

PART = 50  # records that a process does in one go
MOST_SHOWN = 20  # rows of the table: what is not equal
MOST_REASON = 160  # characters
HEAD = ("record", "version", "trigger", "came out", "first difference")


def find_book(store: PlaybookStore, version: str) -> CompiledPlaybook | None:
    """The published playbook; None: it is not there, or this code cannot read it."""
    try:
        return store.version(version)
    except PlaybookInvalid:
        return None
    except ClientError as error:
        if http_status(error) != 404:
            raise
        return None


def install(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser("recompute", help="make decisions again from what they saw")
    chosen = verb.add_mutually_exclusive_group(required=True)
    chosen.add_argument("id", nargs="?", metavar="ID", help="of a lead, or of any submission")
    chosen.add_argument("--all", action="store_true", help="every record of the register")
    add_system_arguments(verb)
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Make the decisions again and print how they came out; 1 if one came out otherwise."""
    system = find_system(options)
    if options.all:
        results = recompute_all(system)
    else:
        results = open_recomputer(system).recompute_each([options.id])
        if not results:
            print(f"there is no record {options.id}", file=sys.stderr)
            return 1
    print(format_results(results))
    return int(any(each.comparison is Comparison.DIFFERENT for each in results))


def format_results(results: Iterable[Recomputation]) -> str:
    """How many came out equal, and a row for each that did not."""
    results = tuple(results)
    counts = count_comparisons(results)
    other = sum(each.is_other_code for each in results)
    lines = [", ".join(f"{count:,} {comparison}" for comparison, count in counts.items())]
    if other:
        lines.append(f"{other:,} of them were made by other code than this ({code_version()})")
    odd = [each for each in results if each.comparison is not Comparison.EQUAL]
    if odd:
        odd.sort(key=lambda each: each.comparison is Comparison.NOT_KEPT)
        lines += ["", format_table([HEAD, *map(_row, odd[:MOST_SHOWN])])]
    if len(odd) > MOST_SHOWN:
        lines.append(f"and {len(odd) - MOST_SHOWN:,} more")
    return "\n".join(lines)


def _row(result: Recomputation) -> tuple[str, ...]:
    why = printable(result.why)
    short = why if len(why) <= MOST_REASON else f"{why[:MOST_REASON]}…"
    return (
        result.record_id,
        str(result.version),
        result.trigger_id,
        str(result.comparison),
        short,
    )


def recompute_all(system: DeployedSystem) -> tuple[Recomputation, ...]:
    """The decisions on every record of the register, made again on all cores."""
    parts = list(_split(_list_ids(system)))
    results: list[Recomputation] = []
    with ProcessPoolExecutor(os.cpu_count() or 1, initializer=_begin, initargs=(system,)) as cores:
        for done, part in enumerate(cores.map(_recompute_part, parts), 1):
            results += part
            _report_progress(done, len(parts), len(results))
    return tuple(results)


def _report_progress(done: int, parts: int, decisions: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == parts else ""
        print(f"\r{done * 100 // parts} %: {decisions:,} decisions", end=end, file=sys.stderr)


def _list_ids(system: DeployedSystem) -> Iterator[str]:
    """The ids of all records, each once, as they stand in the register."""
    sheets = register.walk_sheets(_open_table(system))
    ids = (id_ for sheet in sheets for line in sheet.lines for id_ in line.ids)
    return iter(dict.fromkeys(ids))


def _split(ids: Iterator[str]) -> Iterator[tuple[str, ...]]:
    part: list[str] = []
    for each in ids:
        part.append(each)
        if len(part) == PART:
            yield tuple(part)
            part = []
    if part:
        yield tuple(part)


_OPENED: list[Recomputer] = []  # of this process, once it has begun


def _begin(system: DeployedSystem) -> None:
    _OPENED.append(open_recomputer(system))


def _recompute_part(ids: tuple[str, ...]) -> tuple[Recomputation, ...]:
    return _OPENED[0].recompute_each(ids)


def open_recomputer(system: DeployedSystem) -> Recomputer:
    """What makes the decisions of this system again; it reads, and writes nothing."""
    store = PlaybookStore(system.client("s3"), system.playbook_bucket)
    return Recomputer(_open_table(system), partial(find_book, store), code_version())


def _open_table(system: DeployedSystem) -> DynamoTable:
    return DynamoTable(system.client("dynamodb"), system.table, Keys(NO_PEPPER), pause)
