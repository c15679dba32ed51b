import csv
import io
import json
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadloop.intake.tables.model import RowTable
from leadloop.intake.tables.open import open_table
from leadloop.model.errors import Unreadable

PEOPLE = [
    ["name", "mail", "phone", "town", "note"],
    ["Ada Lovelace", "ada@lovelace.example", "+44 20 7946 0001", "London", "two pumps, soon"],
    ["Grace Hopper", "grace@navy.example", "+1 202 555 0101", "Arlington", 'a 5" pipe'],
    ["Alan Turing", "alan@bletchley.example", "+44 20 7946 0002", "Bletchley", "none"],
    ["Mary Jackson", "mary@langley.example", "+1 202 555 0102", "Hampton", "in May"],
    ["Zoë Ångström", "zoe@uppsala.example", "+46 8 123 456 78", "Uppsala", "snabbt, tack"],
    ["Joan Clarke", "joan@bletchley.example", "+44 20 7946 0003", "Bletchley", "one valve"],
]


def read(data: str | bytes, *, piece: int = 7) -> RowTable:
    """In small pieces, so that whatever is cut, is cut somewhere."""
    raw = data.encode() if isinstance(data, str) else data
    return open_table(raw[at : at + piece] for at in range(0, len(raw), piece))


def cells(table: RowTable) -> list[list[str]]:
    return [list(row.cells) for row in table.rows]


def written(rows: Iterable[Iterable[str]], **style: object) -> str:
    out = io.StringIO()
    csv.writer(out, **style).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_way_of_writing_a_table_is_the_same_table(
    delimiter: str, end: str, charset: str
) -> None:
    text = written(PEOPLE, delimiter=delimiter, lineterminator=end)
    found = read(text.encode(charset))
    assert list(found.columns) == PEOPLE[0]
    assert cells(found) == PEOPLE[1:]


@pytest.mark.parametrize(
    "style",
    [{"quotechar": "'"}, {"quoting": csv.QUOTE_ALL}, {"doublequote": False, "escapechar": "\\"}],
)
def test_other_quotes_are_told_by_the_file_itself(style: dict[str, object]) -> None:
    assert cells(read(written(PEOPLE, **style))) == PEOPLE[1:]


def test_a_quoted_cell_goes_on_over_several_lines() -> None:
    rows = [*PEOPLE, ["Kurt", "kurt@goedel.example", "+43 1 234567", "Wien", "one\nline,\n\nmore"]]
    found = list(read(written(rows)).rows)
    assert found[-1].cells[-1] == "one\nline,\n\nmore"
    assert [row.line for row in found] == [2, 3, 4, 5, 6, 7, 8]


def test_a_quote_that_never_closes_costs_one_line_and_not_the_file() -> None:
    lines = written(PEOPLE).splitlines()
    lines[2] = 'Grace,grace@navy.example,"+1 202 555 0101,Arlington,pipe'
    first, broken, *rest = list(read("\n".join(lines)).rows)
    assert (first.doubts, broken.line) == ((), 3)
    assert "line 3" in broken.doubts[0].text
    assert [list(row.cells) for row in rest] == PEOPLE[3:]


def test_titles_above_and_blank_lines_around_are_no_rows() -> None:
    text = f"Leads of March\n\n;;;;\n{written(PEOPLE, delimiter=';')}\n;;;;\n\n"
    found = read(text)
    assert found.about.line == 4
    assert cells(found) == PEOPLE[1:]


def test_a_separator_said_in_the_first_line_is_believed() -> None:
    found = read("sep=~\na~b\n1~2\n")
    assert (found.columns, cells(found)) == (("a", "b"), [["1", "2"]])


def test_a_file_without_header_calls_its_columns_by_their_places() -> None:
    found = read(written(PEOPLE[1:]))
    assert found.about.line is None
    assert found.columns[1] == "column 2"
    assert cells(found) == PEOPLE[1:]


def test_a_header_of_two_lines_is_one() -> None:
    text = "Who,Reached by,,Wants\n,mail,phone,\nAda,ada@l.example,+44 20 7946 0001,pumps\n"
    assert read(text).columns == ("Who", "Reached by mail", "Reached by phone", "Wants")


def test_a_row_is_no_second_line_of_a_header_that_is_a_row_itself() -> None:
    assert len(cells(read("1,2,3,\ntrue,false,,note\n7,8,9,\n"))) == 3


def test_names_that_repeat_can_be_told_apart() -> None:
    assert read("mail,mail,\nada@l.example,b@l.example,x\n").columns == (
        "mail",
        "mail (2)",
        "column 3",
    )


def test_the_header_again_is_no_row_and_another_table_is_named() -> None:
    again = [*PEOPLE, *PEOPLE]
    assert cells(read(written(again))) == [*PEOPLE[1:], *PEOPLE[1:]]
    other = [["town", "name", "mail", "age"], ["London", "Ada", "ada@l.example", "36"]]
    *_, row = read(written([*PEOPLE, *other])).rows
    assert row.line == 9
    assert row.doubts[0].code == "another_table"
    assert "line 8" in row.doubts[0].text


@pytest.mark.parametrize(
    "line",
    [
        "Emmy Noether,,emmy@goettingen.example,+49 551 1234567,Göttingen,soon",
        "Emmy Noether,emmy@goettingen.example+49 551 1234567,Göttingen,soon",
        "Emmy Noether;emmy@goettingen.example;+49 551 1234567;Göttingen;soon",
        '"Emmy Noether,emmy@goettingen.example,+49 551 1234567,Göttingen,"soon"',
    ],
)
def test_a_line_that_went_wrong_is_read_as_its_neighbours_are_and_stays_in_doubt(line: str) -> None:
    lines = [*written(PEOPLE).splitlines(), line, "Ida,ida@r.example,+1 202 555 0109,Salem,x"]
    *_, mended, last = read("\n".join(lines)).rows
    assert mended.cells[1:3] == ("emmy@goettingen.example", "+49 551 1234567")
    assert mended.doubts[0].code == "mended_line"
    assert "line 8" in mended.doubts[0].text
    assert last.doubts == ()


def test_cells_left_out_at_the_end_are_blank() -> None:
    rows = [*PEOPLE, ["Ida Rhodes", "ida@r.example", "+1 202 555 0109"]]
    without_note = [[*row[:4], ""] if n % 2 else row for n, row in enumerate(PEOPLE[1:])]
    *_, row = read(written([PEOPLE[0], *without_note, *rows[-1:]])).rows
    assert row.cells[:3] == ("Ida Rhodes", "ida@r.example", "+1 202 555 0109")


def test_a_header_one_name_short_is_read_and_left_for_a_person_to_confirm() -> None:
    text = written([PEOPLE[0], *([str(n), *row] for n, row in enumerate(PEOPLE[1:]))])
    found = read(text)
    assert found.columns == ("column 1", *PEOPLE[0])
    assert found.about.doubt is not None
    assert "line 1" in found.about.doubt
    assert cells(found)[0] == ["0", *PEOPLE[1]]


def test_a_line_without_an_end_is_refused_with_its_number() -> None:
    with pytest.raises(Unreadable, match="line 2"):
        open_table(iter([b"a,b\n", *[b"x" * 500_000] * 5]))


@pytest.mark.parametrize("header", ["name,mail,phone", "name,,mail,phone,town,note"])
def test_a_header_that_does_not_fit_its_rows_is_refused_with_its_line(header: str) -> None:
    text = "\n".join([header, *written(PEOPLE[1:]).splitlines()])
    with pytest.raises(Unreadable, match="line 1"):
        read(text)


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n", b"\x7fELF\x02"]
)
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(data)


def test_rows_of_an_older_export_pasted_in_keep_their_letters() -> None:
    text = b"name,town\n" + "Zoë,Malmö\n".encode() + "Jörg,Köln\n".encode("cp1252")
    assert cells(read(text)) == [["Zoë", "Malmö"], ["Jörg", "Köln"]]


def test_a_charset_of_another_script_is_found() -> None:
    rows = "имя,город\n" + "Анна Петрова,Москва\nИван Сидоров,Казань\n" * 20
    assert cells(read(rows.encode("cp1251")))[0] == ["Анна Петрова", "Москва"]


@pytest.mark.parametrize("form", ["lines", "array"])
def test_json_objects_are_rows(form: str) -> None:
    objects = ['{"mail": "ada@l.example", "who": {"name": "Ada"}, "n": 12345678901234567890}']
    objects += ['{"mail": "grace@n.example", "who": {"name": "Grace"}, "n": null}']
    text = "\n".join(objects) if form == "lines" else f"[{', '.join(objects)}]"
    found = read(text)
    assert found.columns == ("mail", "who.name", "n")
    assert cells(found) == [
        ["ada@l.example", "Ada", "12345678901234567890"],
        ["grace@n.example", "Grace", ""],
    ]


@pytest.mark.parametrize("sign", ["\\ud800", "\\u0000"])
def test_what_json_says_that_is_no_text_is_shown(sign: str) -> None:
    found = read(f'{{"mail": "a{sign}@l.example", "x{sign}": "y \\ud83d\\ude00"}}\n')
    assert found.columns == ("mail", "x\ufffd")
    assert cells(found) == [["a\ufffd@l.example", "y 😀"]]


def test_a_line_that_is_no_json_is_named() -> None:
    first, broken, last = read('{"a": "1"}\n{"a": \n{"a": "3"}\n').rows
    assert (first.doubts, last.doubts) == ((), ())
    assert broken.doubts[0].text == "line 2: no JSON object"


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("envelope", ["{}", '{{"total": 1, "next": null, "leads": {}}}'])
def test_a_list_of_objects_is_rows_however_it_is_laid_out(
    envelope: str, indent: int | None
) -> None:
    people = [{"mail": "ada@l.example", "town": "London"}]
    text = json.dumps(json.loads(envelope.format(json.dumps(people))), indent=indent)
    found = read(text)
    assert (found.columns, cells(found)) == (("mail", "town"), [["ada@l.example", "London"]])


@pytest.mark.parametrize(
    "text", ['{"mail": "a@l.example", "items": [{"n": 1}]}', '{\n "n": "1"\n}']
)
def test_an_object_alone_is_one_row_whatever_lists_it_holds(text: str) -> None:
    assert len(cells(read(text))) == 1


def test_lines_that_a_spreadsheet_took_for_one_cell_each_are_parted() -> None:
    lines = [f"{written([row]).strip()}" for row in PEOPLE]
    for end in ("\r\n", ";;;\r\n"):
        assert (
            cells(
                read(written([[line] for line in lines], quoting=csv.QUOTE_ALL, lineterminator=end))
            )
            == PEOPLE[1:]
        )


def test_quotes_of_typographers_are_quotes() -> None:
    text = written([[c.replace('"', "in") for c in row] for row in PEOPLE], quoting=csv.QUOTE_ALL)
    curly = "\n".join(
        ",".join(f"“{c[1:-1]}”" for c in line.split('",')) for line in text.splitlines()
    )
    assert [row[4] for row in cells(read(curly.replace('"', "")))][:1] == ["two pumps, soon"]


@pytest.mark.parametrize("sign", ["§", "¬", "#", "!", "\x01"])
def test_a_sign_that_seldom_parts_cells_parts_them_where_it_stands_in_every_line(sign: str) -> None:
    lines = [sign.join(c.replace('"', "") for c in row) for row in PEOPLE]
    assert [row[:2] for row in cells(read("\n".join(lines)))] == [row[:2] for row in PEOPLE[1:]]


def test_a_sign_before_a_letter_escapes_nothing() -> None:
    r"""\N is what a database writes for nothing, and nobody's name."""
    text = (
        '"name","mail"\n"Ada \\"A\\" Byron","ada@l.example"\n\\N,"grace@n.example"\n"C:\\new","x"'
    )
    assert [row[0] for row in cells(read(text))] == ['Ada "A" Byron', "\\N", "C:\\new"]


def test_people_in_angle_brackets_lose_none_to_the_header() -> None:
    text = "\n".join(f"{row[0]} <{row[1]}>" for row in PEOPLE[1:])
    found = read(text)
    assert (found.about.line, len(cells(found))) == (None, len(PEOPLE) - 1)


words = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x85\u2028"), max_size=12
)


@settings(deadline=None)
@given(st.lists(st.tuples(words, words, words), min_size=1, max_size=30))
def test_every_row_that_says_something_is_a_row(rows: list[tuple[str, str, str]]) -> None:
    """Whatever stands in the cells, as many rows come out as went in, each with its line."""
    table = [("name", "mail", "wish"), ("Ada Byron", "ada@l.example", "pumps"), *rows]
    data = written(table, quoting=csv.QUOTE_ALL).encode()
    found = list(open_table([data]).rows)
    said = [n for n, row in enumerate(table[1:], 2) if any(cell.strip() for cell in row)]
    again = [n for n, row in enumerate(table[1:], 2) if _is_header(row)]
    assert [row.line for row in found] == [line for line in said if line not in again]


def _is_header(row: tuple[str, ...]) -> bool:
    return sum(cell.strip().casefold() in {"name", "mail", "wish"} for cell in row) >= 2


@settings(deadline=None)  # a guess at a charset takes its time
@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_refused(data: bytes) -> None:
    try:
        found = open_table([data])
        assert all(len(row.cells) <= len(found.columns) or row.doubts for row in found.rows)
    except Unreadable:
        pass
