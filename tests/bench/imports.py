"""A file of rows on an embedded AWS of the bench's own, beside what that AWS could do at most.

The time is from the file's arrival to its last row, by the deployed flow and functions; the stream
tells its readers of every row meanwhile. The ceiling (`ceiling.py`) is of the same run.
"""

import csv
import io
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from imports.handler import handler
from infra.local.aws import Aws
from infra.local.client import Client
from infra.local.file_imports import upload_file
from infra.local.ports import Ports
from infra.local.run import run_system
from leadloop.edge import clock
from leadloop.edge import import_files as doors
from leadloop.edge.act import table
from leadloop.edge.wiring import get_wiring
from leadloop.store import imports
from leadloop.store.imports import FileImport
from tests.bench import ceiling
from tests.bench.ceiling import Call
from tests.bench.goals import Figure
from tests.bench.units import CONTEXT, exact_figure

ROWS, ALL_ROWS, TRACED_ROWS = 2_000, 100_000, 1_000
SOURCE = "trade-fair"
SECONDS_PER_ROW = 0.03  # seconds a row, before it is given up: the token is good for an hour
POLL = 2.0
MEGABYTE = 1_000_000
TICKS = os.sysconf("SC_CLK_TCK")
TRADES = ("Molkerei", "Papierfabrik", "Chemiewerk", "Brauerei", "Wasserwerk", "Gießerei")


class Worker(NamedTuple):
    """A process of the embedded AWS: whose, its peak memory (bytes), its CPU (seconds)."""

    name: str
    peak: int
    spent: float


def build_file(rows: int) -> bytes:
    """Badge scans: nine people in ten are new, one row in fifty tells no way to reach anybody."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(("E-Mail", "Telefon", "Vorname", "Nachname", "Firma", "Land", "Halle", "Notiz"))
    for n in range(rows):
        who = n - 7 if n % 10 == 9 else n
        firm, reached = f"{TRADES[who % 6]} Nr. {who}", n % 50 != 49
        mail = f"person.{who}@firma-{who}.example" if reached else ""
        phone = f"+49 89 {20_000_000 + who}" if reached else ""
        note = f"Interesse an Pumpe {n % 17}"
        lines.writerow((mail, phone, f"Vor{who % 97}", f"Nach{who % 89}", firm, "DE", n % 9, note))
    return out.getvalue().encode()


def rows_a_second() -> list[Figure]:
    """Two thousand rows."""
    return measure_import(ROWS)


def all_rows_a_second() -> list[Figure]:
    """A hundred thousand."""
    return measure_import(ALL_ROWS)


def measure_import(rows: int) -> list[Figure]:
    """Seconds a row, whose CPU it is, what memory it takes, and how far from the ceiling."""
    with (
        TemporaryDirectory(prefix="leadloop-") as home,
        run_system(
            Path(home),
            ports=Ports.pick_free(),
            keep=False,
            enforce_iam=False,
            log=lambda _: None,
        ) as (stack, aws),
    ):
        import_file(Client(stack), 40, lambda: None)  # starts the functions
        seen: dict[int, Worker] = {}
        before = {pid: each.spent for pid, each in list_workers(Path(home)).items()}
        began = time.monotonic()
        shown = import_file(Client(stack), rows, lambda: seen.update(list_workers(Path(home))))
        took = time.monotonic() - began
        calls = record_import_calls(TRACED_ROWS, aws)
        bare = ceiling.replay_calls(calls, aws) / TRACED_ROWS
    spent: defaultdict[str, float] = defaultdict(float)
    for pid, each in seen.items():
        spent[each.name] += each.spent - before.get(pid, 0)
    parts = sorted(spent.items(), key=lambda part: -part[1])
    told = ", ".join(f"{name} {1000 * cpu / rows:.1f}" for name, cpu in parts if cpu * 1000 > rows)
    peak = max(each.peak for each in seen.values() if each.name == "Imports")
    came = shown["outcomes"]
    return [
        Figure(
            goal="imports",
            what=f"seconds for 100,000 rows, at the rate of {rows:,}",
            value=took / rows * 100_000,
            unit="s",
            kind="time",
            limit=max(600, bare * 100_000),
            anchor="600, or the ceiling where it is more",
            note=f"{rows / took:.0f} rows/s; of {rows:,}: {came}",
        ),
        Figure(
            goal="imports",
            what="  ceiling: the same calls, asked by one bare loop",
            value=bare * 100_000,
            unit="s",
            kind="time",
            note=f"{1 / bare:.0f} rows/s",
        ),
        exact_figure("imports", "  rows without one outcome", rows - sum(came.values()), "rows", 0),
        Figure(
            goal="imports",
            what="  peak memory of one that decides them",
            value=peak / MEGABYTE,
            unit="MB",
            kind="size",
            limit=512,
        ),
        Figure(
            goal="imports",
            what="  CPU a row, by process",
            value=1000 * sum(spent.values()) / rows,
            unit="ms",
            kind="time",
            note=told,
        ),
        exact_figure(
            "imports", "  calls of DynamoDB and S3 a row", len(calls) / TRACED_ROWS, "calls"
        ),
    ]


def import_file(client: Client, rows: int, look: Callable[[], None]) -> dict[str, Any]:
    """A new file, sent and followed to its end; the last answer."""
    begun = client.admin("POST", "/imports", source=SOURCE, name=f"{rows} rows")
    import_id = upload_file(begun, build_file(rows))
    deadline, said = time.monotonic() + max(300, rows * SECONDS_PER_ROW), 0
    while True:
        look()
        shown = client.admin("GET", f"/imports/{import_id}").json()
        if shown["done"] >= said + 5_000:
            said = shown["done"]
            sys.stderr.write(f"{said:,} of {rows:,} rows\n")
        if shown["state"] == "done":
            look()
            return shown
        if shown["state"] == "refused" or time.monotonic() > deadline:
            raise TimeoutError(f"{shown['done']} of {rows} rows: {shown['state']}")
        time.sleep(POLL if rows > TRACED_ROWS else 0.2)


def list_workers(home: Path) -> dict[int, Worker]:
    """Of the embedded AWS that lives in `home`, by process id."""
    found: dict[int, Worker] = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            pairs = process.joinpath("environ").read_bytes().decode(errors="replace").split("\0")
            status = process.joinpath("status").read_text()
            stat = process.joinpath("stat").read_text().rpartition(")")[2].split()
        except OSError:  # somebody else's, or it ended meanwhile
            continue
        environment = dict(pair.partition("=")[::2] for pair in pairs)
        if environment.get("HOME") != str(home):
            continue
        peak = status.partition("VmHWM:")[2].split()
        function = environment.get("AWS_LAMBDA_FUNCTION_NAME", "")
        name = short_name(function) if function else "embedded AWS"
        spent = (int(stat[11]) + int(stat[12])) / TICKS
        found[int(process.name)] = Worker(name, int(peak[0]) * 1024 if peak else 0, spent)
    return found


def record_import_calls(rows: int, aws: Aws) -> list[Call]:
    """What the function asks for, for a file of so many rows."""
    listed = aws.functions.get_paginator("list_functions").paginate()
    names = (each["FunctionName"] for page in listed for each in page["Functions"])
    with ceiling.record_calls(
        aws, next(name for name in names if short_name(name) == "Imports")
    ) as calls:
        import_id = "BENCH"
        found = FileImport(id=import_id, source=SOURCE, by="bench", name="", at=clock.now())
        imports.put(table(), found)
        key = f"{doors.FILES_PREFIX}{import_id}"
        get_wiring().s3.put_object(Bucket=ceiling.RAW, Key=key, Body=build_file(rows))
        opened = handler({"task": "open", "key": key}, CONTEXT)
        listed_pages = get_wiring().s3.get_object(Bucket=opened["bucket"], Key=opened["manifest"])
        for page in json.loads(listed_pages["Body"].read()):
            handler({"task": "rows", **page}, CONTEXT)
        handler({"task": "close", "import": import_id}, CONTEXT)
    return calls


def short_name(function: str) -> str:
    """The word we know a deployed function by: `LeadloopService-Imports1A2B3C4D-5E6F` → Imports."""
    return function.split("-")[1][:-8]
