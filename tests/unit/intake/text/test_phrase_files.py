from collections import Counter
from pathlib import Path

import pytest

from leadloop.intake.text.phrase_files import parse_phrases

INTAKE = Path(__file__).parents[4] / "shared/leadloop/intake"
FILES = sorted(INTAKE.glob("*/phrases/*"))


def test_a_group_holds_the_phrases_of_all_languages_in_their_order() -> None:
    text = "# a comment\n[inquiry]\nen: leads? | a quote: now\nde: anfrage\nen: price\n\n[other]\n"
    assert parse_phrases(text) == {
        "inquiry": ("leads?", "a quote: now", "anfrage", "price"),
        "other": (),
    }


@pytest.mark.parametrize(
    "text",
    [
        "en: before a group",
        "[group]\nno language",
        "[group]\nde:no blank",
        "[group]\nEnglish: a name",
        "[two words]\n",
    ],
)
def test_a_line_of_no_known_form_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="line"):
        parse_phrases(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_no_phrase_of_a_group_is_empty_or_stands_twice(path: Path) -> None:
    assert path.suffix == ".txt"
    for group, phrases in parse_phrases(path.read_text("utf-8")).items():
        assert phrases, group
        assert all(phrase == phrase.strip() != "" for phrase in phrases), group
        assert [phrase for phrase, n in Counter(phrases).items() if n > 1] == [], group
