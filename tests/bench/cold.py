"""Goals 9, 10 and 12: what a fresh process costs, on the very bundles that are deployed.

A bundle is unpacked as Lambda does it: every file dated 1980, nothing writable. CPU is that of
whole interpreters, all variants in turn in each round, and the best of each is taken.
"""

import json
import os
import resource
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.bundling.bundles import HOST, bundle
from leadloop.playbook import versions
from tests.bench import inquiries
from tests.bench.goals import Figure
from tests.functions.aws_fixture import sqs_event
from tests.stories.world import compile_acme

MEGABYTES = {"qualify": 56}  # what stands; see the README
ZIPPED = {"qualify": 9.6}
EPOCH = 315_532_800  # 1980-01-01 in UTC
RUNTIME_PACKAGES = {
    "botocore",
    "dateutil",
    "jmespath",
    "six.py",
    "urllib3",
}  # boto3's, in Lambda anyway
EMPTY = "import json\ndef handler(event, context): return {}"
INIT = "import sys; sys.path[:0] = [sys.argv[1]]; __import__(sys.argv[2] + '.handler')"
CLIENT = INIT + "; from leadloop.edge.wiring import get_wiring; get_wiring().{client}"
SCRIPT = Path(__file__).with_name("first_work.py")
FIRST_WORK_CODE = f"import runpy; runpy.run_path({str(SCRIPT)!r})"
PEAK = "; print(next(s for s in open('/proc/self/status') if s.startswith('VmHWM')).split()[1])"
# What Lambda gives, and infra/kit/function.py adds.
ENVIRONMENT = {
    "PATH": os.defpath,
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nothing",
    "SUBMISSIONS_QUEUE": "https://sqs.us-east-1.amazonaws.com/123456789012/submissions",
    "PLAYBOOK_BUCKET": "playbooks",
    "RAW_BUCKET": "raw",
    "LEAD_TABLE": "leads",
    "CLAIMS_SECRET": "claims",
}


@contextmanager
def mount_bundle(function: str) -> Iterator[Path]:
    """The bundle as Lambda mounts it."""
    with TemporaryDirectory() as folder, zipfile.ZipFile(bundle(function, HOST)) as archive:
        archive.extractall(folder)
        for where, folders, files in os.walk(folder):
            for name in files:
                os.utime(Path(where, name), (EPOCH, EPOCH))
                Path(where, name).chmod(0o444)
            for name in folders:
                Path(where, name).chmod(0o555)
        try:
            yield Path(folder)
        finally:
            for where, folders, _ in os.walk(folder):
                for name in folders:
                    Path(where, name).chmod(0o755)


@contextmanager
def write_first_events() -> Iterator[Path]:
    """For each function a folder with its first event and the playbook it is read by."""
    events: Mapping[str, object] = {
        "capture": inquiries.build_post(1),
        "qualify": sqs_event(inquiries.build_envelope(1).model_dump_json()),
    }
    with TemporaryDirectory() as name:
        for function, event in events.items():
            folder = Path(name, function)
            folder.mkdir()
            (folder / "event.json").write_text(json.dumps(event))
            (folder / "playbook.json").write_bytes(versions.dump(compile_acme().playbook))
        yield Path(name)


def list_recompiled(function: str) -> list[str]:
    """Goal 10: modules of the bundle whose compiled form was not taken."""
    with mount_bundle(function) as root:
        told = _run(INIT, root, function, "-v").stderr
        taken = told.count(f"# code object from '{root}") + told.count(f"'{root}")
        assert taken > 100, "the interpreter did not tell what it loaded"
        return [
            line.split("'")[1]
            for line in told.splitlines()
            if line.startswith(f"# code object from '{root}") and line.endswith(".py'")
        ]


def measure_compiled_modules() -> list[Figure]:
    """Goal 10 for a door and a worker."""
    return [
        Figure(
            goal="10",
            what=f"modules compiled again at {function}'s start",
            value=len(list_recompiled(function)),
            unit="modules",
            kind="exact",
            anchor="all, with CDK's default .pyc",
            limit=0,
        )
        for function in ("capture", "qualify")
    ]


def measure_cold_starts(rounds: int = 9) -> list[Figure]:
    """Goals 9 and 12."""
    with (
        mount_bundle("capture") as capture,
        mount_bundle("qualify") as qualify,
        write_first_events() as folder,
    ):
        variants: Mapping[str, tuple[str, Path, str]] = {
            "empty": (EMPTY, capture, ""),
            "capture": (INIT, capture, "capture"),
            "capture + SQS client": (CLIENT.format(client="submissions"), capture, "capture"),
            "capture, up to its first 202": (FIRST_WORK_CODE, capture, str(folder / "capture")),
            "qualify": (INIT, qualify, "qualify"),
            "qualify + DynamoDB client": (CLIENT.format(client="dynamodb"), qualify, "qualify"),
            "qualify, up to its first lead": (FIRST_WORK_CODE, qualify, str(folder / "qualify")),
        }
        best = dict.fromkeys(variants, float("inf"))
        for _ in range(rounds):
            for name, (code, root, function) in variants.items():
                best[name] = min(best[name], _cpu(code, root, function))
        peaks = {
            function: int(_run(variants[name][0] + PEAK, root, function).stdout) / 1024
            for name, root, function in (
                ("capture + SQS client", capture, "capture"),
                ("qualify + DynamoDB client", qualify, "qualify"),
            )
        }
    ratios = {name: cpu / best["empty"] for name, cpu in best.items()}
    limits = {"capture": 14.0, "qualify": 19.0}
    return [
        *(
            Figure(
                goal="9",
                what=f"cold start of {name}, CPU over an empty handler's",
                value=ratios[name],
                unit="x",
                kind="ratio",
                anchor="FULL 22.6-29.0; floor 11-13 with botocore",
                limit=limits.get(name),
                note=f"{best[name] * 1e3:.0f} ms of {best['empty'] * 1e3:.0f}",
            )
            for name in variants
            if name != "empty"
        ),
        *(
            Figure(
                goal="12",
                what=f"peak memory of {function}, started, with its client",
                value=megabytes,
                unit="MB",
                kind="size",
                anchor="59; floor 23",
                limit=50,
                stands=MEGABYTES.get(function),
            )
            for function, megabytes in peaks.items()
        ),
    ]


def measure_packages() -> list[Figure]:
    """Goal 12: the zips, packed as for Lambda, without what its runtime brings."""
    return [
        Figure(
            goal="12",
            what=f"zip of {function} with .pyc, without boto3's own",
            value=_packed_size(function) / 1e6,
            unit="MB",
            kind="size",
            anchor="13.9; floor < 1",
            limit=7,
            stands=ZIPPED.get(function),
        )
        for function in ("capture", "qualify", "deliver")
    ]


def _packed_size(function: str) -> int:
    with zipfile.ZipFile(bundle(function, HOST)) as archive:
        names = [n for n in archive.namelist() if n.split("/")[0] not in RUNTIME_PACKAGES]
        return sum(len(zlib.compress(archive.read(name), 6)) for name in names)


def _cpu(code: str, root: Path, function: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(code, root, function)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _run(code: str, root: Path, function: str, *flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-S", *flags, "-c", code, str(root), function],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
