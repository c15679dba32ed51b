"""A worker's start loads no reader before something comes by it."""

import subprocess
import sys

import pytest

from infra.bundles import ROOT

UNTIL_ASKED = (
    "leadloop.intake.form",
    "leadloop.intake.mail",
    "leadloop.intake.tables",
    "leadloop.intake.webhooks.read",
    "leadloop.intake.adf",
    "leadloop.providers",
    "lxml",
)


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    code = "import qualify.handler, sys; print(*sys.modules)"
    folders = (str(ROOT / "shared"), str(ROOT / "functions"))
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {folders}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return frozenset(done.stdout.split())


@pytest.mark.parametrize("module", UNTIL_ASKED)
def test_the_worker_starts_without_what_may_never_come(loaded: frozenset[str], module: str) -> None:
    assert "leadloop.intake.read" in loaded
    assert module not in loaded
