"""A reader that dies of a workbook, or never comes back from it, costs a child of ours."""

import io

import pytest
from openpyxl import Workbook

from leadloop.edge import table_sandbox
from leadloop.edge.table_sandbox import read_table
from leadloop.model.errors import Unreadable


@pytest.fixture
def workbook() -> bytes:
    book = Workbook()
    assert book.active is not None
    book.active.append(["mail", "town"])
    book.active.append(["ada@l.example", "London"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("limit", "value", "why"),
    [("MEMORY_BYTES", 30_000_000, "breaks its reader"), ("TIMEOUT_SECONDS", 0.001, "for ever")],
)
def test_a_workbook_that_its_reader_does_not_survive_is_refused(
    workbook: bytes, monkeypatch: pytest.MonkeyPatch, limit: str, value: float, why: str
) -> None:
    """Any does not, where there is next to no memory or time."""
    monkeypatch.setattr(table_sandbox, limit, value)
    with pytest.raises(Unreadable, match=why):
        read_table(iter([workbook]))


def test_one_that_it_survives_is_read(workbook: bytes) -> None:
    assert [row.cells for row in read_table(iter([workbook])).rows] == [("ada@l.example", "London")]
