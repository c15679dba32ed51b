"""Each row of docs/kinds.md names files that exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = re.findall(
    r"^\| (?!kind|---)(.+?) \| (.+?) \| (.+?) \|$",
    (ROOT / "docs" / "kinds.md").read_text("utf-8"),
    re.MULTILINE,
)


@pytest.mark.parametrize(("kind", "files", "tests"), ROWS)
def test_the_files_of_a_kind_exist(kind: str, files: str, tests: str) -> None:
    for column, base in ((files, "shared/leadloop"), (tests, "tests/unit")):
        for path in re.findall(r"`([\w/.-]*/[\w/.-]*)`", column):
            assert (ROOT / path).exists() or (ROOT / base / path).exists(), path
