"""`leadloop readme`: writes what is generated again, from the code that it describes.

These are parts of README.md and docs/events.md, and the columns of the lake. A part stands between
`<!-- name -->` and `<!-- /name -->`. With `--check` nothing is written and the exit code is 1 when
one is not what the code says.
"""

import argparse
import ast
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

from leadloop.cli.event_glossary import event_table, field_table, lake_columns
from leadloop.model.lifecycle import stage_diagram
from leadloop.model.trigger import Trigger

LAKE_COLUMNS = Path("infra/kit/lake_columns.json")


def stage_section() -> str:
    """The diagram of a lead's stages, as Mermaid."""
    return f"```mermaid\n{stage_diagram()}\n```"


def trigger_table() -> str:
    """A Markdown table with a row for each kind of trigger."""
    (union, *_) = get_args(Trigger)
    rows = [(kind.__name__, _first(_module_doc(kind))) for kind in get_args(union)]
    return _table(("trigger", "what it is"), rows)


def function_table() -> str:
    """A Markdown table with a row for each function: its handler's first sentence."""
    rows = [
        (handler.parent.name, _first(ast.get_docstring(ast.parse(handler.read_text())) or ""))
        for handler in sorted(Path("functions").glob("*/handler.py"))
    ]
    return _table(("function", "trigger → effect"), rows)


PARTS: dict[Path, dict[str, Callable[[], str]]] = {
    Path("README.md"): {
        "stages": stage_section,
        "triggers": trigger_table,
        "functions": function_table,
    },
    Path("docs/events.md"): {"events": event_table, "fields": field_table},
}


def rewrite_parts(path: Path, text: str) -> str:
    """The text of the document at `path`, with every part as the code has it now.

    Raises:
        SystemExit: a part's marks are missing.

    """
    for name, part in PARTS[path].items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, begin_mark, rest = text.partition(begin)
        _, end_mark, after = rest.partition(end)
        if not begin_mark or not end_mark:
            raise SystemExit(f"{path} has no part “{name}”")
        text = f"{before}{begin}{part()}\n{end}{after}"
    return text


def generate_files() -> dict[Path, str]:
    """Every file that is generated, whole or in part, as the code has it now."""
    documents = {path: rewrite_parts(path, path.read_text()) for path in PARTS}
    return {**documents, LAKE_COLUMNS: lake_columns()}


def install(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the command line."""
    verb = verbs.add_parser("readme", help="write what is generated from the code again")
    verb.add_argument("--check", action="store_true", help="write nothing; exit 1 on a difference")
    verb.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Rewrite what is behind the code; with `--check` name it, and exit with 1."""
    files = generate_files()
    old = [path for path, text in files.items() if path.read_text() != text]
    for path in old:
        if options.check:
            sys.stderr.write(f"{path} is behind the code: run `leadloop readme`\n")
        else:
            path.write_text(files[path])
    return 1 if old and options.check else 0


def _module_doc(kind: type) -> str:
    return sys.modules[kind.__module__].__doc__ or ""


def _first(doc: str) -> str:
    paragraph = " ".join(doc.split("\n\n", maxsplit=1)[0].split())
    return paragraph.rstrip(".")


def _table(head: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    lines = [f"| {head[0]} | {head[1]} |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {name} | {text} |" for name, text in rows)])
