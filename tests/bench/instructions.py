"""Goals 5, 5b, 9 and 11 in instructions, which neighbours make no difference to.

valgrind counts them (cachegrind without its caches). A batch is what four batches cost more than
none, with the same start; f3eae10 is measured beside it in the same run.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import cold, inquiries
from tests.bench.goals import Figure

HERE = Path(__file__).parents[2]
REFERENCE = "f3eae10"  # before a batch was decided once
BATCH, BATCHES = 10, 4
MILLION = 1e6
VALGRIND = ("valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null")
COUNTED = re.compile(r"I\s+refs:\s+([\d,]+)")
# 0.5 with what f3eae10 kept. What a decision saw is kept besides; the README says its price.
MOST_OF_REFERENCE, STANDING_BATCH = 0.55, 0.65
MOST_OF_REFERENCE_WAY, STANDING_WAY = 0.7, 0.85
MOST_OF_BARE = 1.25
# What stands, in millions; the README says what is in the way.
LIMITS = {"capture, with its SQS client": 1_000, "qualify, up to its first lead": 2_000}
STANDS = {"capture, with its SQS client": 1_085, "qualify, up to its first lead": 2_045}


def count_instructions(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """What this Python command executes, with one order of hashes."""
    run = subprocess.run(
        [*VALGRIND, sys.executable, *command],
        env={**environment, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    found = COUNTED.search(run.stderr)
    assert found, run.stderr
    return int(found[1].replace(",", ""))


def measure_batches() -> list[Figure]:
    """Goal 5b: deciding and writing ten new leads, beside f3eae10 where the history has it."""
    if shutil.which(VALGRIND[0]) is None:
        return [_missing("5b")]
    with TemporaryDirectory() as folder, _open_reference(Path(folder)) as reference:
        trees = {"this": HERE} | ({"reference": reference} if reference else {})
        cost = {name: _count_batch(tree, Path(folder)) for name, tree in trees.items()}
    figures = [_count_figure("5b", "act, a batch of ten new leads", cost["this"])]
    if "reference" in cost:
        note = f"{cost['reference'] / MILLION:.1f} M then"
        ratio = cost["this"] / cost["reference"]
        figures.append(
            Figure(
                goal="5b",
                what=f"  over {REFERENCE}'s",
                value=ratio,
                unit="x",
                kind="exact",
                limit=MOST_OF_REFERENCE,
                stands=STANDING_BATCH,
                note=note,
            )
        )
    return figures


def measure_way() -> list[Figure]:
    """Goals 5 and 11: a lead's way through the functions, and a warm capture over a bare call."""
    if shutil.which(VALGRIND[0]) is None:
        return [_missing("5")]
    with TemporaryDirectory() as folder, _open_reference(Path(folder)) as reference:
        cost = {part: _count_way(HERE, Path(folder), part) for part in ("bare", "capture", "way")}
        then = _count_way(reference, Path(folder), "way") if reference else None
    figures = [
        _count_figure("5", "a lead's way, door to decided, relayed and tallied", cost["way"]),
        Figure(
            goal="11",
            what="warm capture, instructions over a bare handler's with SendMessage",
            value=cost["capture"] / cost["bare"],
            unit="x",
            kind="exact",
            limit=MOST_OF_BARE,
            note=f"{cost['capture'] / MILLION:.2f} M of {cost['bare'] / MILLION:.2f}",
        ),
    ]
    if then is not None:
        figures.append(
            Figure(
                goal="5",
                what=f"  over {REFERENCE}'s",
                value=cost["way"] / then,
                unit="x",
                kind="exact",
                limit=MOST_OF_REFERENCE_WAY,
                stands=STANDING_WAY,
                note=f"{then / MILLION:.1f} M then",
            )
        )
    return figures


def measure_starts() -> list[Figure]:
    """Goal 9 in instructions: the bundles as Lambda mounts them, without `site`."""
    if shutil.which(VALGRIND[0]) is None:
        return [_missing("9")]
    with (
        cold.mount_bundle("capture") as capture,
        cold.mount_bundle("qualify") as qualify,
        cold.write_first_events() as events,
    ):
        client = cold.CLIENT.format(client="submissions")
        starts = {
            "capture, with its SQS client": (client, str(capture), "capture"),
            "qualify, up to its first lead": (
                cold.FIRST_WORK_CODE,
                str(qualify),
                str(events / "qualify"),
            ),
        }
        return [
            _count_figure(
                "9",
                f"start of {what}",
                count_instructions(["-I", "-S", "-c", *command], cold.ENVIRONMENT),
                LIMITS[what],
                STANDS[what],
            )
            for what, command in starts.items()
        ]


def _count_batch(tree: Path, folder: Path) -> float:
    """Instructions of one batch, decided and written."""
    return _count_work("batch_work.py", tree, folder)


def _count_way(tree: Path, folder: Path, part: str) -> float:
    """Instructions a lead, of a part of its way."""
    return _count_work("way_work.py", tree, folder, part) / BATCH


def _count_work(script: str, tree: Path, folder: Path, *part: str) -> float:
    """Instructions of one batch; all people are new, since what was asked of a name is kept."""
    names, sample = folder / "names.json", folder / f"{tree.name}.json"
    people = range((BATCHES + 1) * BATCH)
    names.write_text(json.dumps([inquiries.build_name(n) for n in people]))
    environment = {
        **cold.ENVIRONMENT,
        "DELIVERIES_QUEUE": "https://sqs.us-east-1.amazonaws.com/123456789012/deliveries",
        "LAKE_STREAM": "lake",
        "PATH": os.environ["PATH"],
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }
    if not sample.exists():
        make = [sys.executable, str(HERE / "tests/bench/batch_sample.py"), str(tree)]
        subprocess.run([*make, str(names), str(sample)], env=environment, check=True)
    work = [str(HERE / "tests/bench" / script), str(tree), str(sample), *part]
    subprocess.run(  # compiles all
        [sys.executable, *work, "1"], env=environment, check=True, stdout=subprocess.DEVNULL
    )
    with ThreadPoolExecutor(2) as threads:
        none, some = threads.map(
            lambda count: count_instructions([*work, str(count)], environment), (0, BATCHES)
        )
    return (some - none) / BATCHES


@contextmanager
def _open_reference(folder: Path) -> Iterator[Path | None]:
    """The reference's tree; None where the history does not reach back so far."""
    packed = subprocess.run(
        ["git", "archive", REFERENCE], cwd=HERE, capture_output=True, check=False
    )
    if packed.returncode:
        yield None
        return
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder / REFERENCE, filter="data")
    yield folder / REFERENCE


def _count_figure(
    goal: str, what: str, count: float, limit: float | None = None, stands: float | None = None
) -> Figure:
    return Figure(
        goal=goal,
        what=what,
        value=count / MILLION,
        unit="M instructions",
        kind="exact",
        limit=limit,
        stands=stands,
    )


def _missing(goal: str) -> Figure:
    return Figure(
        goal=goal,
        what="instructions",
        value=0,
        unit="",
        kind="exact",
        note="not counted: valgrind is not installed (apt-get install valgrind)",
    )
