from pathlib import Path

import pytest

from infra.local.synth import source_hash

SOURCES = (
    "pyproject.toml",
    "uv.lock",
    "infra/app.py",
    "infra/local/run.py",
    "functions/capture/handler.py",
    "shared/leadloop/act.py",
    "shared/leadloop/cli/main.py",
    "shared/leadloop/__pycache__/act.pyc",
    "README.md",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in SOURCES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("before")
    return tmp_path


@pytest.mark.parametrize(
    "name", ["uv.lock", "infra/app.py", "functions/capture/handler.py", "shared/leadloop/act.py"]
)
def test_what_the_templates_are_made_of_makes_them_stale(root: Path, name: str) -> None:
    before = source_hash(root)
    (root / name).write_text("after")
    assert source_hash(root) != before


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "infra/local/run.py",
        "shared/leadloop/cli/main.py",
        "shared/leadloop/__pycache__/act.pyc",
    ],
)
def test_what_no_template_holds_does_not(root: Path, name: str) -> None:
    before = source_hash(root)
    (root / name).write_text("after")
    assert source_hash(root) == before


def test_a_file_that_moves_is_a_change(root: Path) -> None:
    before = source_hash(root)
    (root / "functions/capture/handler.py").rename(root / "functions/capture/other.py")
    assert source_hash(root) != before
