from pathlib import Path

import pytest

from leadloop.cli.main import main
from leadloop.cli.readme import PARTS, generate_files, rewrite_parts

ROOT = Path(__file__).parents[3]
NAMES = [(path, name) for path, parts in PARTS.items() for name in parts]


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_what_is_generated_says_what_the_code_says() -> None:
    behind = [path for path, text in generate_files().items() if path.read_text() != text]
    assert behind == [], "run `leadloop readme`"
    assert main(["readme", "--check"]) == 0


@pytest.mark.parametrize(("path", "name"), NAMES)
def test_a_part_that_is_behind_the_code_is_found(path: Path, name: str) -> None:
    text = path.read_text()
    behind = text.replace(f"<!-- {name} -->\n", f"<!-- {name} -->\nold\n")
    assert rewrite_parts(path, behind) == text


@pytest.mark.parametrize("path", PARTS)
def test_a_document_without_the_part_is_refused(path: Path) -> None:
    with pytest.raises(SystemExit, match=next(iter(PARTS[path]))):
        rewrite_parts(path, "# nothing here")
