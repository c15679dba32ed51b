"""The list of reason codes has each code that stands in the source, and no other."""

import ast
from collections.abc import Iterator
from pathlib import Path

from leadloop.model.reason_codes import REASON_CODES

ROOT = Path(__file__).parents[2]
SHARED = ROOT / "shared" / "leadloop"
MAKERS = (
    *(SHARED / name for name in ("intake", "decide/submissions", "quality")),
    *(ROOT / "functions" / name for name in ("qualify", "upkeep")),
)
OF_A_DOOR = {"unknown_column", "unknown_field", "twice"}  # about a file's columns, not about a row


def codes_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        codes = [each.value for each in node.keywords if each.arg == "code"]
        codes += node.args[:1] if node.func.id == "DoubtRule" else []
        if node.func.id in {"Reason", "DoubtRule"}:
            yield from (str(each.value) for each in codes if isinstance(each, ast.Constant))


def test_every_code_of_a_submission_is_listed() -> None:
    found = {code for room in MAKERS for path in room.rglob("*.py") for code in codes_in(path)}
    assert len(found) > 50
    assert found - OF_A_DOOR - REASON_CODES == set()


def test_every_listed_code_stands_in_the_source() -> None:
    listing = SHARED / "model" / "reason_codes.py"
    paths = [*SHARED.rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    source = "\n".join(path.read_text("utf-8") for path in paths if path != listing)
    assert {code for code in REASON_CODES if f'"{code}"' not in source} == set()
