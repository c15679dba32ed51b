"""The id of a product line stands in ids of leads, keys of items and headers of mails."""

import pytest

from leadloop.playbook.model import check_line_id


@pytest.mark.parametrize("line", ["machines", "home-care_2", "b2b.eu", "9", "x" * 40])
def test_a_plain_word_is_a_line(line: str) -> None:
    assert check_line_id(line) == line


@pytest.mark.parametrize("line", ["", "a:b", "a b", "-a", "pumpen/öl", "x" * 41, "a\n"])
def test_what_would_break_an_id_of_a_lead_is_none(line: str) -> None:
    with pytest.raises(ValueError, match="at most 40"):
        check_line_id(line)
