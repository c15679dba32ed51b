import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from leadloop.intake.tables.open import open_table
from leadloop.intake.tables.workbook import cell_text
from leadloop.intake.tables.zip_check import MOST_ENTRIES
from leadloop.model.errors import Unreadable

SHEET = "xl/worksheets/sheet1.xml"
CELLS = "<worksheet><sheetData>{}</sheetData></worksheet>"


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet(*rows: Sequence[object], title: str = "People") -> Workbook:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(row)
    return book


def with_entries(entries: Mapping[str, bytes], base: bytes | None = None) -> bytes:
    """The entries, in place of those of the same names in `base`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        if base is not None:
            with zipfile.ZipFile(io.BytesIO(base)) as old:
                for name in old.namelist():
                    if name not in entries:
                        made.writestr(name, old.read(name))
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def corners(cells: str) -> bytes:
    return CELLS.format(f"<row>{cells}</row>").encode()


PLAIN = saved(sheet(["mail", "phone"], ["ada@l.example", "+44 20 7946 0001"]))


def test_values_are_texts_as_a_person_reads_them() -> None:
    book = sheet(
        ["mail", "zip", "since", "at", "share", "yes"],
        ["ada@l.example", 8123, dt.date(2026, 3, 4), dt.datetime(2026, 3, 4, 9, 30), 0.25, True],  # noqa: DTZ001  as sheets have it
    )
    found = open_table([saved(book)])
    (row,) = found.rows
    assert row == (
        2,
        ("ada@l.example", "8123", "2026-03-04", "2026-03-04 09:30:00", "0.25", "true"),
        (),
    )


@pytest.mark.parametrize(
    ("value", "text"), [(12345678901.0, "12345678901"), (1e300, "1e+300"), (-3.0, "-3"), ("", "")]
)
def test_a_number_is_written_without_a_point_it_does_not_have(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_titles_above_the_header_and_blank_rows_are_no_rows() -> None:
    book = sheet(
        ["Leads of March"],
        [],
        ["mail", "town"],
        ["ada@l.example", "London"],
        [],
        ["b@c.example", "Rom"],
    )
    found = open_table([saved(book)])
    assert found.about.line == 3
    assert [row.line for row in found.rows] == [4, 6]


def test_the_first_sheet_that_holds_anything_is_read_and_the_others_are_named() -> None:
    book = sheet()
    for title, mail in (("A", "ada@l.example"), ("B", "b@c.example")):
        page = book.create_sheet(title)
        page.append(["mail", "x"])
        page.append([mail, "1"])
    found = open_table([saved(book)])
    assert (found.about.sheet, found.about.other_sheets) == ("A", ("People", "B"))


def test_a_formula_is_not_computed() -> None:
    (row,) = open_table([saved(sheet(["mail", "x"], ["ada@l.example", "=1+1"]))]).rows
    assert row.cells == ("ada@l.example", "")


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ({"../evil.xml": b"x"}, "leads out"),
        ({"/etc/passwd": b"x"}, "leads out"),
        ({"C:/evil": b"x"}, "leads out"),
        ({"xl/inner.zip": b"x"}, "another archive"),
        ({"xl/bomb.xml": b"0" * 3_000_000}, "more than 100 bytes into one"),
        ({f"xl/{n}.xml": b"" for n in range(MOST_ENTRIES + 1)}, "entries"),
        ({"xl/x.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'}, "entities"),
        ({"xl/x.xml": '<!DOCTYPE a [<!ENTITY b "c">]>'.encode("utf-16")}, "entities"),
        ({SHEET: corners('<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>')}, "spans"),
        ({SHEET: corners("<c r='A1'><v>1</v></c><c r='XFD1048576'><v>1</v></c>")}, "spans"),
        ({SHEET: corners(f'<c {" " * 5_000} r="XFD1048576"><v>1</v></c>')}, "hides where"),
        ({SHEET: b"<worksheet><sheetData><row"}, "broken|nothing|anything"),
    ],
)
def test_what_is_made_to_harm_is_refused_before_anything_unpacks_it(
    entries: dict[str, bytes], why: str
) -> None:
    with pytest.raises(Unreadable, match=why):
        open_table([with_entries(entries, PLAIN)])


def test_a_link_in_the_archive_is_refused() -> None:
    out = io.BytesIO(PLAIN)
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("xl/link.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(Unreadable, match="symbolic link"):
        open_table([out.getvalue()])


def test_a_directory_that_lies_about_sizes_is_not_believed() -> None:
    bomb = bytearray(with_entries({"xl/b.xml": b"0" * 3_000_000}, PLAIN))
    true, said = (3_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert true in bomb
    with pytest.raises(Unreadable, match="into one"):
        open_table([bytes(bomb).replace(true, said)])


@pytest.mark.parametrize(
    "data",
    [
        PLAIN[:200],
        PLAIN[:-40],
        with_entries({"readme.txt": b"hi"}),
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0",
    ],
)
def test_half_a_workbook_or_none_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        open_table([data])


def test_a_sheet_of_notes_before_the_one_with_the_table_is_left_out() -> None:
    book = sheet(["About this export"], ["Made on Monday"], title="Read me")
    page = book.create_sheet("Leads")
    page.append(["mail", "town"])
    page.append(["ada@l.example", "London"])
    found = open_table([saved(book)])
    assert (found.about.sheet, found.about.other_sheets) == ("Leads", ("Read me",))
    assert [row.cells for row in found.rows] == [("ada@l.example", "London")]


def test_a_table_in_the_midst_of_a_sheet_tells_its_rows_by_the_sheets_own_numbers() -> None:
    book = sheet()
    page = book.active
    assert page is not None
    for place, text in {"C5": "mail", "D5": "town", "C6": "ada@l.example", "D6": "Rom"}.items():
        page[place] = text
    found = open_table([saved(book)])
    assert found.about.line == 5
    assert [(row.line, row.cells) for row in found.rows] == [(6, ("ada@l.example", "Rom"))]


def test_cells_that_are_only_painted_are_none_however_far_down_they_are() -> None:
    book = sheet(["mail", "phone"], ["ada@l.example", "+44 20 7946 0001"])
    page = book.active
    assert page is not None
    page.row_dimensions[1_000_000].height = 20
    page.cell(900_000, 16_000).font = Font(bold=True)
    assert len(list(open_table([saved(book)]).rows)) == 1


def test_a_sheet_that_counts_people_is_not_taken_for_the_one_that_lists_them() -> None:
    book = sheet(["source", "count"], ["web", 5], ["fair", 7], title="Summary")
    page = book.create_sheet("Leads")
    page.append(["mail", "town"])
    page.append(["ada@l.example", "London"])
    found = open_table([saved(book)])
    assert (found.about.sheet, found.about.other_sheets) == ("Leads", ("Summary",))


def test_a_workbook_behind_a_password_says_so() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(Unreadable, match="password"):
        open_table([data])


def test_a_header_of_two_lines_with_merged_groups_names_every_column() -> None:
    book = sheet(
        ["Person", None, "Reached by", None, "Firm"],
        ["first", "last", "mail", "phone", "name"],
        *[
            [f"Ada{n}", "Byron", f"ada{n}@l.example", "+44 20 7946 0001", "Engines"]
            for n in range(3)
        ],
    )
    found = open_table([saved(book)])
    wanted = ("Person first", "Person last", "Reached by mail", "Reached by phone", "Firm name")
    assert found.columns == wanted
    assert len(list(found.rows)) == 3


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.7 + 0.1, "0.8"),
        (1.1 * 1.1, "1.21"),
        (4.35 * 100, "435"),
        (-0.1 * 3, "-0.3"),
        (1234.5, "1234.5"),
        (dt.timedelta(days=2, hours=1, minutes=5), "49:05:00"),
        (dt.timedelta(minutes=-90), "-1:30:00"),
        (dt.timedelta(hours=9, minutes=30), "9:30:00"),
        (dt.datetime(2026, 3, 4, 9, 29, 59, 999_999), "2026-03-04 09:30:00"),  # noqa: DTZ001
        (dt.datetime(2026, 3, 4, 23, 59, 59, 999_999), "2026-03-05"),  # noqa: DTZ001
    ],
)
def test_a_cell_is_told_as_the_program_shows_it(value: object, text: str) -> None:
    assert cell_text(value) == text


OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
ODS = (
    f'<office:document-content xmlns:office="{OFFICE}:office:1.0" xmlns:text="{OFFICE}:text:1.0" '
    f'xmlns:table="{OFFICE}:table:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Leute">{}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)
ODS_CELL = '<table:table-cell office:value-type="string">{}</table:table-cell>'


@pytest.mark.parametrize(
    "cell",
    [
        "<text:p>zwei Fenster<text:line-break/>Nordseite</text:p>",
        "<text:p>zwei <text:span>Fenster<text:line-break />Nord</text:span>seite</text:p>",
        "<text:p>zwei Fenster<text:line-break></text:line-break>Nordseite</text:p>",
        "<text:p>zwei Fenster</text:p><text:p>Nordseite</text:p>",
    ],
)
def test_two_lines_of_a_cell_stay_apart(cell: str) -> None:
    texts = ["<text:p>mail</text:p>", "<text:p>wunsch</text:p>"]
    people = ["<text:p>eva@lang.example</text:p>", cell]
    rows = "".join(
        f"<table:table-row>{''.join(map(ODS_CELL.format, row))}</table:table-row>"
        for row in (texts, people)
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<m:manifest xmlns:m="{OFFICE}:manifest:1.0"/>'.encode()
    content = ODS.format(rows).encode()
    entries = {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}
    (row,) = open_table([with_entries(entries)]).rows
    assert row.cells[1].splitlines() == ["zwei Fenster", "Nordseite"]
