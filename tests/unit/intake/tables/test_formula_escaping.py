import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.intake.tables.formula_escaping import FORMULA_STARTS, escape_cell, unescape_cell

RISKY = st.text(st.sampled_from([*FORMULA_STARTS, "'", "a", " ", "1"]), max_size=8)


@given(st.text() | RISKY)
def test_what_goes_out_comes_back_as_it_was(text: str) -> None:
    assert unescape_cell(escape_cell(text)) == text


@given(st.text() | RISKY)
def test_no_cell_that_goes_out_is_computed(text: str) -> None:
    assert not escape_cell(text).startswith(FORMULA_STARTS)


@pytest.mark.parametrize("text", ["=1+1", "+49 30 5550123", "-5", "@SUM(A1)", "\tx", "＝1"])
def test_other_programs_mark_so_too(text: str) -> None:
    assert unescape_cell(f"'{text}") == text


@pytest.mark.parametrize("text", ["'tis", "O'Neil", "", "'"])
def test_an_apostrophe_that_marks_nothing_stays(text: str) -> None:
    assert escape_cell(text) == unescape_cell(text) == text


@pytest.mark.parametrize(
    ("cell", "text"),
    [('="+49 171 5550123"', "+49 171 5550123"), ('="01099"', "01099"), ('="5"" pipe"', '5" pipe')],
)
def test_a_formula_that_is_only_a_text_is_that_text(cell: str, text: str) -> None:
    """So some programs keep a spreadsheet from taking a telephone number for a sum."""
    assert unescape_cell(cell) == text


@pytest.mark.parametrize("cell", ['="a"&"b"', '="', '=""', "=A1", '="a" & B2'])
def test_a_formula_that_is_more_stays_as_it_is(cell: str) -> None:
    assert unescape_cell(cell) in (cell, "")
