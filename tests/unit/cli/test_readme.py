from pathlib import Path

import pytest

from leadloop.cli.readme import PARTS, rewrite_parts

README = Path(__file__).parents[3] / "README.md"


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(README.parent)


def test_readme_says_what_the_code_says() -> None:
    text = README.read_text()
    assert rewrite_parts(text) == text, "run `leadloop readme`"


@pytest.mark.parametrize("name", sorted(PARTS))
def test_a_part_that_is_behind_the_code_is_found(name: str) -> None:
    text = README.read_text()
    behind = text.replace(f"<!-- {name} -->\n", f"<!-- {name} -->\nold\n")
    assert rewrite_parts(behind) == text


def test_a_readme_without_the_part_is_refused() -> None:
    with pytest.raises(SystemExit, match="stages"):
        rewrite_parts("# nothing here")
