"""What a function loads when it starts, in an interpreter of its own."""

import subprocess
import sys

from infra.bundling.bundles import ROOT


def modules_loaded_by(function: str) -> frozenset[str]:
    """The names of all modules that are there once its handler is."""
    code = f"import {function}.handler, sys; print(*sys.modules)"
    folders = (str(ROOT / "shared"), str(ROOT / "functions"))
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {folders}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return frozenset(done.stdout.split())
