import io
import json
import zipfile

import pytest

from leadloop.edge.table_sandbox import read_table

ROWS = [["E-Mail", "Name"], ["ada@lovelace.example", "Ada Lovelace"], ["b@c.example", "Bo Öst"]]
CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
OPEN_DOCUMENT = """<office:document-content office:version="1.2"
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
 <table:table table:name="People">{}</table:table></office:spreadsheet></office:body>
</office:document-content>"""
MANIFEST = """<manifest:manifest
 xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
 <manifest:file-entry manifest:full-path="/"
 manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>"""


def spreadsheet() -> bytes:
    """As LibreOffice saves one, at its shortest."""
    rows = ("".join(CELL.format(cell) for cell in row) for row in ROWS)
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("META-INF/manifest.xml", MANIFEST)
        made.writestr("content.xml", OPEN_DOCUMENT.format(table))
    return out.getvalue()


def lines(delimiter: str) -> str:
    return "".join(f"{delimiter.join(row)}\r\n" for row in ROWS)


@pytest.mark.parametrize(
    "data",
    [
        lines(";").encode(),
        lines("\t").encode("utf-16"),
        "\n".join(json.dumps(dict(zip(ROWS[0], row, strict=True))) for row in ROWS[1:]).encode(),
        spreadsheet(),
    ],
    ids=["semicolons", "tabs in UTF-16", "JSON lines", "OpenDocument"],
)
def test_whatever_kind_a_file_is_of_its_rows_are_the_same(data: bytes) -> None:
    found = read_table(iter([data]))
    assert found.columns == ("E-Mail", "Name")
    assert [list(row.cells) for row in found.rows] == ROWS[1:]
