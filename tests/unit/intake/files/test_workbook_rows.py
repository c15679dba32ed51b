"""Rows of a workbook as the doors of files read them: postcodes and phones."""

import io
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook

from leadloop.intake.envelope import Envelope, sha256
from leadloop.intake.files.rows import build_file_row
from leadloop.intake.policy import FileSource
from leadloop.intake.read import read_envelope
from leadloop.intake.tables.open import open_table
from leadloop.model.submission import Channel, Submission

COLUMNS = {
    "Name": "contact.name",
    "Mail": "contact.email",
    "PLZ": "contact.postcode",
    "Tel": "contact.phone",
}


def read_rows(*rows: tuple[object, ...], country: str = "DE") -> list[Submission]:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (tuple(COLUMNS), *rows):
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    table = open_table([out.getvalue()])
    source = FileSource(
        kind="file", id="fair", product_line="p", country=country, language="de", fields={}
    )
    made: list[Submission] = []
    for row in table.rows:
        body = build_file_row(row, list(table.columns), COLUMNS).body
        envelope = Envelope(
            id="A" * 26, source="fair", channel=Channel.FILE, sha256=sha256(body), size=len(body),
            received_at=datetime(2026, 3, 4, tzinfo=UTC), body=body,
        )  # fmt: skip
        found = read_envelope(envelope, body, source)
        assert isinstance(found, tuple)
        made += found
    return made


@pytest.mark.parametrize(
    ("cell", "country", "postcode"),
    [(1099, "DE", "01099"), (6000.0, "FR", "06000"), (187, "IT", "00187"), ("1099", "DE", "01099"),
     (1010, "AT", "1010")],
)  # fmt: skip
def test_a_postcode_that_the_workbook_holds_as_a_number_has_its_zeros(
    cell: object, country: str, postcode: str
) -> None:
    (made,) = read_rows(("Eva Lang", "eva@lang.example", cell, ""), country=country)
    assert (made.contact.postcode, made.unreadable) == (postcode, ())


@pytest.mark.parametrize(
    ("cell", "phone", "fields"),
    [
        ("0171 5550121 (nur vormittags)", "0171 5550121", {"phone_remark": "nur vormittags"}),
        ("030 5550121 ext. 7", "030 5550121", {"phone_remark": "ext. 7"}),
        ("0171 5550121 0172 5550122", "0171 5550121", {"other_phones": "0172 5550122"}),
    ],
)
def test_what_stands_beside_the_phone_of_a_row_is_kept(
    cell: str, phone: str, fields: dict[str, str]
) -> None:
    (made,) = read_rows(("Eva Lang", "eva@lang.example", "10115", cell))
    assert (made.contact.phone, made.fields) == (phone, fields)
