import shutil
from pathlib import Path

import pytest

ACME = Path(__file__).parents[3] / "shared/playbooks/acme"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample playbook, to be broken."""
    return Path(shutil.copytree(ACME, tmp_path / "acme"))


@pytest.fixture
def acme() -> Path:
    return ACME
