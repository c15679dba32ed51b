"""Lists of few rows, in which there is but one way to read a line that went wrong."""

from leadloop.intake.tables.model import Row
from leadloop.intake.tables.open import open_table

HEAD = "badge,first,mail,phone,notes"
ADA = "A1,Ada,ada@l.example,020 7946 0001,send a brochure"
JOAN = "A2,Joan,joan@l.example,020 7946 0002,"


def read(*lines: str) -> list[Row]:
    return list(open_table(["\n".join(lines).encode()]).rows)


def codes(row: Row) -> list[str]:
    return [doubt.code for doubt in row.doubts]


def test_a_note_at_the_end_may_have_delimiters() -> None:
    line = 'A3,Ida,ida@l.example,,cold rooms, the "2nd" of two, in May'
    *_, row = read(HEAD, ADA, JOAN, line)
    assert row.cells == ("A3", "Ida", "ida@l.example", "", 'cold rooms, the "2nd" of two, in May')
    assert codes(row) == ["mended_line"]
    assert "line 4" in row.doubts[0].text


def test_a_line_whose_address_is_not_in_its_column_is_not_guessed() -> None:
    *_, row = read(HEAD, ADA, JOAN, "A3,Ida, born Rhodes,ida@l.example,020 7946 0003,call")
    assert (row.cells, codes(row)) == ((), ["broken_line"])


def test_quotes_inside_quoted_cells_end_no_cell() -> None:
    lines = [
        '"name","mail","wish","rep"',
        '"Ada "A" Byron","ada@l.example","5" pipe, long","Jo"',
        '"Joan","joan@l.example","38" or 42"","Jo"',
        '"Ida","","says "in May", or so","Ed"',
    ]
    rows = read(*lines)
    assert [row.cells for row in rows] == [
        ('Ada "A" Byron', "ada@l.example", '5" pipe, long', "Jo"),
        ("Joan", "joan@l.example", '38" or 42"', "Jo"),
        ("Ida", "", 'says "in May", or so', "Ed"),
    ]
    assert {code for row in rows for code in codes(row)} == {"mended_line"}


def test_a_row_of_other_forms_without_its_last_cell_is_no_row_without_a_delimiter() -> None:
    names = ["Ida", "Eva", "Joe", "Tom", "Una", "Max", "Kim"]
    rows = [f"{name},{name.lower()}@l.example,12045,Leeds,a pump" for name in names]
    *_, row = read("name,mail,postcode,town,wish", *rows, "Ana,ana@l.example,00-238,Warszawa")
    assert row.cells == ("Ana", "ana@l.example", "00-238", "Warszawa", "")
    assert codes(row) == ["mended_line"]


def test_what_was_written_so_that_a_spreadsheet_keeps_it_is_the_text() -> None:
    link = '"=HYPERLINK(""mailto:ada@l.example"";""ada@l.example"")"'
    head, row = "lead,phone,zip,mail", f'="0412","=""6175550100""",\'+1,{link}'
    table = open_table([f"{head}\n{row}\n".encode()])
    assert next(table.rows).cells == ("0412", "6175550100", "+1", "ada@l.example")
    assert open_table([b'="lead",="zip"\n1,2\n']).columns == ("lead", "zip")


def test_json_is_text_as_it_stands() -> None:
    table = open_table([b"""{"name": "'=Ada", "zip": "=\\"0412\\""}\n"""])
    assert next(table.rows).cells == ("=Ada", "0412")
