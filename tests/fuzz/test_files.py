"""Files of rows and feeds, bent and broken: each is read or refused, and a row is somebody's."""

import contextlib
import csv
import io
import json
import time
import zipfile
from collections.abc import Callable
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from leadloop.intake.envelope import Envelope, sha256
from leadloop.intake.files.column_proposal import propose_columns
from leadloop.intake.files.rows import build_file_row
from leadloop.intake.formats.syndication import parse_feed
from leadloop.intake.policy import FileSource
from leadloop.intake.read import read_envelope
from leadloop.intake.tables.open import open_table
from leadloop.model import errors
from leadloop.model.submission import Channel
from tests.fuzz.bending import mutate_sample
from tests.fuzz.conftest import FULL, InputCounter
from tests.stories.world import MONDAY

EACH = 1_000 if FULL else 40
CPU_SECONDS = 5  # what one input may cost (RELIABILITY: one input, one budget)
ROWS = (
    ("Vorname", "Name", "E-Mail", "Telefon", "Bemerkung"),
    ("Ada", "Byron", "ada@byron.example", "+44 20 7946 0958", 'two\nlines, a ; and a "'),
    ("Jürgen", "Groß", "jg@gross.example", "030 5550123", "=1+1"),
    ("Ólafur", "", "o@island.example", "", ""),
)
FAIR = FileSource(kind="file", id="fair", product_line="pumps", country="DE", language="de")
RSS = (
    '<?xml version="1.0" encoding="{0}"?><rss version="2.0"><channel><item><guid>7</guid>'
    "<title>Größe?</title><description>&lt;p&gt;Name: Ada&lt;/p&gt;</description></item>"
    "<item><title>&#8364;</title><pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate></item>"
    "</channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><title type="html">&lt;b&gt;'
    'Ada</title><content type="xhtml"><div>x</div></content></entry></feed>'
)
FEEDS = (ATOM.encode(), *(RSS.format(it).encode(it) for it in ("utf-8", "latin-1", "utf-16")))


def separated(delimiter: str, charset: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(ROWS)
    return out.getvalue().encode(charset, "replace")


TEXTS = (
    separated(",", "utf-8"),
    separated(";", "cp1252"),
    separated("\t", "utf-16"),
    "\n".join(json.dumps(dict(zip(ROWS[0], row, strict=True))) for row in ROWS[1:]).encode(),
)


@cache
def workbook() -> dict[str, bytes]:
    """Its entries by their names."""
    book = Workbook()
    for row in ROWS:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    with zipfile.ZipFile(out) as made:
        return {name: made.read(name) for name in made.namelist()}


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    """A zip as it should be, of entries that need not be."""
    entries = workbook()
    name = draw(st.sampled_from(sorted(entries)))
    broken = {**entries, name: draw(mutate_sample([entries[name]]))}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry, body in broken.items():
            made.writestr(entry, body)
    whole = out.getvalue()
    return draw(st.sampled_from([whole, draw(mutate_sample([whole]))]))


def tried(job: Callable[[], None]) -> None:
    """Refused is well, too."""
    began = time.process_time()
    with contextlib.suppress(errors.Unreadable, errors.TooLarge):
        job()
    assert time.process_time() - began < CPU_SECONDS
    InputCounter.count += 1


def take_rows(body: bytes) -> None:
    table = open_table([body])
    rows = list(table.rows)
    columns = propose_columns(table.columns, [row.cells for row in rows], {})
    assert all(each.model_dump_json() for each in columns)
    meaning = {each.name: each.meaning for each in columns if each.meaning}
    for row in rows:
        made = build_file_row(row, table.columns, meaning).body
        found = read_envelope(enveloped(made), made, FAIR)
        assert read_envelope(enveloped(made), made, FAIR) == found
        assert build_file_row(row, table.columns, meaning).body == made


def enveloped(body: bytes) -> Envelope:
    return Envelope(
        id="A" * 26,
        source=FAIR.id,
        channel=Channel.FILE,
        received_at=MONDAY,
        sha256=sha256(body),
        size=len(body),
        body=body,
    )


@settings(max_examples=EACH * 2)
@given(mutate_sample(TEXTS))
def test_a_file_of_text_is_read_or_refused(body: bytes) -> None:
    tried(lambda: take_rows(body))


@settings(max_examples=EACH)
@given(workbooks())
def test_a_workbook_is_read_or_refused(body: bytes) -> None:
    tried(lambda: take_rows(body))


@settings(max_examples=EACH)
@given(
    mutate_sample(FEEDS),
    st.sampled_from([None, "text/xml; charset=koi8-r", "application/atom+xml"]),
)
def test_a_feed_is_read_or_refused(body: bytes, media: str | None) -> None:
    def job() -> None:
        entries = parse_feed(body, media)
        assert parse_feed(body, media) == entries
        assert all(isinstance(json.loads(each.body), dict) for each in entries)

    tried(job)
