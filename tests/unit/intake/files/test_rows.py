import json
from datetime import UTC, datetime

import pytest

from leadloop.intake.envelope import Envelope, sha256
from leadloop.intake.files.column_proposal import propose_columns
from leadloop.intake.files.columns import (
    check_meaning,
    has_contact_address,
    is_meaning_agreed,
    map_columns,
)
from leadloop.intake.files.rows import build_file_row
from leadloop.intake.policy import FileSource
from leadloop.intake.read import UnreadableEnvelope, read_envelope
from leadloop.intake.tables.model import Row
from leadloop.model.base import Reason
from leadloop.model.errors import FieldsInvalid
from leadloop.model.submission import Channel, Submission

FAIR = FileSource(
    kind="file",
    id="fair",
    product_line="pumps",
    country="DE",
    language="de",
    fields={"E-Mail": "contact.email", "Halle": "fields.hall"},
)
COLUMNS = ("mail", "budget", "hall", "utm_source", "notes")
MEANING = {
    "mail": "contact.email",
    "budget": "interest.budget",
    "hall": "fields.hall",
    "utm_source": "utm_source",
}


def taken(
    *cells: str, source: FileSource = FAIR, doubts: tuple[Reason, ...] = ()
) -> tuple[Submission, ...] | UnreadableEnvelope:
    return taken_in(build_file_row(Row(7, cells, doubts), COLUMNS, MEANING).body, source)


def taken_in(body: bytes, source: FileSource) -> tuple[Submission, ...] | UnreadableEnvelope:
    envelope = Envelope(
        id="A" * 26,
        source=source.id,
        channel=Channel.FILE,
        received_at=datetime(2026, 3, 4, tzinfo=UTC),
        sha256=sha256(body),
        size=len(body),
        body=body,
    )
    return read_envelope(envelope, body, source)


@pytest.mark.parametrize(
    ("said", "became"),
    [("attended", "attended"), ("nicht erschienen", "no_show"), ("", "registered")],
)
def test_a_row_of_an_events_list_tells_how_somebody_stands_to_it(said: str, became: str) -> None:
    source = FAIR.but(event="webinar-may")
    body = build_file_row(
        Row(2, ("ada@l.example", said)),
        ("mail", "state"),
        {"mail": "contact.email", "state": "fields.attendance"},
    ).body
    found = taken_in(body, source)
    assert isinstance(found, tuple)
    assert found[0].attendance == became


def test_a_word_that_is_none_of_the_four_holds_its_row_alone() -> None:
    meaning = {"mail": "contact.email", "state": "fields.attendance"}
    body = build_file_row(Row(2, ("ada@l.example", "perhaps")), ("mail", "state"), meaning).body
    found = taken_in(body, FAIR.but(event="webinar-may"))
    assert isinstance(found, UnreadableEnvelope)
    assert [reason.code for reason in found.reasons] == ["attendance"]
    assert found.submission.contact.email == "ada@l.example"


def test_a_row_is_a_submission_and_keeps_what_nobody_asked_for() -> None:
    found = taken("ada@l.example", "12.000", "unknown", "fair", "see her")
    assert isinstance(found, tuple)
    (made,) = found
    assert made.contact.email == "ada@l.example"
    assert made.interest.budget == 12_000
    assert made.fields == {"hall": "unknown"}
    assert made.touch is not None
    assert made.touch.utm_source == "fair"
    assert made.parser == "rows/5"
    assert json.loads(made.raw.body or b"")["others"] == {"notes": "see her"}


def test_the_same_row_is_the_same_bytes() -> None:
    rows = [
        build_file_row(Row(7, ("a@b.example", "1"), ()), COLUMNS, MEANING).body for _ in range(2)
    ]
    assert rows[0] == rows[1]


def test_a_number_that_is_none_is_kept_word_for_word() -> None:
    found = taken("ada@l.example", "a lot", "", "", "")
    assert isinstance(found, tuple)
    assert (found[0].interest.budget, found[0].fields) == (None, {"budget": "a lot"})


def test_a_line_in_doubt_goes_to_a_person_with_what_was_understood() -> None:
    doubt = Reason(code="mended_line", text="line 7: …")
    found = taken("ada@l.example", "", "", "", "", doubts=(doubt,))
    assert isinstance(found, UnreadableEnvelope)
    assert found.reasons == (doubt,)
    assert found.submission.contact.email == "ada@l.example"


def test_what_is_missing_or_too_long_is_said() -> None:
    strict = FAIR.but(required=("contact.phone",))
    found = taken("ada@l.example", "", "x" * 600, "", "", source=strict)
    assert isinstance(found, UnreadableEnvelope)
    assert [reason.code for reason in found.reasons] == ["too_long", "required"]


def test_half_a_character_shows_as_such_and_refuses_nobody() -> None:
    found = taken("ada@l.example", "", "a\0b\ud800c", "", "")
    assert isinstance(found, tuple)
    assert found[0].fields == {"hall": "a\ufffdb\ufffdc"}


def test_a_file_cannot_set_what_is_ours() -> None:
    columns = ("email", "owner_id", "score", "stage", "product_line", "interest.product_line")
    assert map_columns(columns, {}) == {"email": "contact.email"}


def test_a_source_that_maps_its_columns_needs_no_confirming() -> None:
    meaning = map_columns(("e-mail", "HALLE", "x"), FAIR.fields)
    assert meaning == {"e-mail": "contact.email", "HALLE": "fields.hall"}
    assert has_contact_address(meaning)
    assert not has_contact_address(map_columns(("Halle",), FAIR.fields))


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("E-Mail Adress", "contact.email"),
        ("Telefon", "contact.phone"),
        ("Mobile_Number", "contact.phone"),
        ("firstName", "contact.first_name"),
        ("Nachname", "contact.last_name"),
        ("Raison sociale", "contact.company"),
        ("Société", "contact.company"),
        ("Code postal", "contact.postcode"),
        ("Lead Source", None),
        ("gclid", "gclid"),
    ],
)
def test_a_column_is_proposed_by_its_name_in_several_languages(
    name: str, meaning: str | None
) -> None:
    (column,) = propose_columns((name,), [], {})
    assert (column.meaning, column.confidence > 0) == (meaning, meaning is not None)


def test_cells_tell_what_a_name_does_not_and_contradict_what_it_says() -> None:
    rows = [("ada@l.example", "n/a yet"), ("grace@n.example", "call her")]
    first, second = propose_columns(("Kontakt 7", "E-Mail"), rows, {})
    assert first.meaning == "contact.email"
    assert second.meaning is None
    assert first.examples == ("ada@l.example", "grace@n.example")


def test_two_columns_never_mean_the_same() -> None:
    first, second = propose_columns(("phone", "Telefon"), [("+49 30 123456", "+49 30 654321")], {})
    assert (first.meaning, second.meaning) == ("contact.phone", None)


@pytest.mark.parametrize(
    ("meaning", "code"),
    [
        ({"nothing": "contact.email"}, "unknown_column"),
        ({"mail": "contact.email", "notes": "email"}, "twice"),
        ({"mail": "contact.email", "notes": "interest.product_line"}, "unknown_field"),
        ({"notes": "interest.message"}, "nobody_to_reach"),
    ],
)
def test_a_meaning_that_cannot_be_is_refused(meaning: dict[str, str], code: str) -> None:
    with pytest.raises(FieldsInvalid) as refused:
        check_meaning(meaning, COLUMNS)
    assert [reason.code for reason in refused.value.reasons] == [code]


def test_what_is_confirmed_is_by_our_full_names() -> None:
    said = {"mail": "email", "notes": "", "hall": "hall"}
    assert check_meaning(said, COLUMNS) == {"mail": "contact.email", "hall": "fields.hall"}


@pytest.mark.parametrize("name", ["owner_id", "contact.owner", "ontact.email", "lead.score"])
def test_bytes_whose_names_are_none_of_ours_are_no_row(name: str) -> None:
    body = json.dumps({"line": 7, "values": {name: "x"}}).encode()
    found = taken_in(body, FAIR)
    assert isinstance(found, UnreadableEnvelope)
    assert [reason.code for reason in found.reasons] == ["unreadable"]


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("mailto:ada@l.example", "ada@l.example"),
        ("Ada Byron <ada@l.example>", "ada@l.example"),
        ("ada@l.example; b@l.example", "ada@l.example; b@l.example"),
    ],
)
def test_an_address_is_what_stands_in_a_link_or_in_brackets(cell: str, meant: str) -> None:
    found = taken(cell, "", "", "", "")
    made = found.submission if isinstance(found, UnreadableEnvelope) else found[0]
    assert made.contact.email == meant


def said(name: str, cell: str) -> str | None:
    """What one cell becomes."""
    meaning = {"mail": "contact.email", "cell": f"contact.{name}"}
    found = taken_in(
        build_file_row(Row(2, ("ada@l.example", cell)), tuple(meaning), meaning).body, FAIR
    )
    assert isinstance(found, tuple)
    text = getattr(found[0].contact, name)
    assert text is None or isinstance(text, str)
    return text


@pytest.mark.parametrize(
    "cell", ["#REF!", "#NV", "#N/A", "########", r"\N", "(null)", "NaN", "k. A.", "#DIV/0!"]
)
def test_what_a_program_writes_for_nothing_is_nothing(cell: str) -> None:
    assert said("company", cell) is None


@pytest.mark.parametrize(
    ("name", "cell", "meant"),
    [
        ("name", "J&uuml;rgen &amp; Co", "Jürgen & Co"),
        ("name", "Nan Null", "Nan Null"),
        ("company", "AT&T; R&D", "AT&T; R&D"),
        ("name", "YÄ±lmaz", "Yılmaz"),
        ("phone", "p:+4915112345678", "+4915112345678"),  # as Meta's lists have it
        ("postcode", "z:50667", "50667"),
    ],
)
def test_a_cell_says_what_was_meant(name: str, cell: str, meant: str) -> None:
    assert said(name, cell) == meant


def meanings(columns: str, *rows: str) -> dict[str, str]:
    """Of what is proposed with more than a doubt."""
    cells = [row.split("|") for row in rows]
    found = propose_columns(columns.split("|"), cells, {})
    return {c.name: c.meaning for c in found if c.meaning and c.confidence > 0.5}


PEOPLE = [
    ("Ada Byron", "ada@l.example", "+44 20 7946 0001"),
    ("Joan Clarke", "joan@b.example", "+44 20 7946 0003"),
    ("Mary Jackson", "mary@l.example", "+1 202 555 0102"),
    ("Alan Turing", "alan@b.example", "+44 20 7946 0002"),
]


@pytest.mark.parametrize(
    "whose", ["Owner", "Agent", "Dealer", "Sales rep", "Referrer", "Account manager", "Bearbeiter"]
)
def test_a_column_of_somebody_elses_is_never_the_persons(whose: str) -> None:
    rows = ("|".join((*each, *PEOPLE[n - 1])) for n, each in enumerate(PEOPLE))
    found = meanings(f"{whose} name|{whose} e-mail|{whose} phone|Name|E-mail|Phone", *rows)
    assert found == {"Name": "contact.name", "E-mail": "contact.email", "Phone": "contact.phone"}


def test_whoever_is_the_same_in_every_row_is_not_the_rows_person() -> None:
    rows = (f"Ida Day|ida@us.example|{name}|{mail}" for name, mail, _ in PEOPLE)
    found = meanings("User name|User email|Invitee name|Invitee email", *rows)
    assert found == {"Invitee name": "contact.name", "Invitee email": "contact.email"}


def test_a_column_without_cells_gives_way_to_one_with_some() -> None:
    found = meanings("Phone|Mobile|Mail", *(f"|{phone}|{mail}" for _, mail, phone in PEOPLE))
    assert found == {"Mobile": "contact.phone", "Mail": "contact.email"}


def test_a_name_that_may_be_a_deals_gives_way_to_the_contacts() -> None:
    rows = (f"Deal {n}|{name}|{mail}" for n, (name, mail, _) in enumerate(PEOPLE))
    found = meanings("name|contact_name|email", *rows)
    assert found == {"contact_name": "contact.name", "email": "contact.email"}


def test_who_ordered_gives_way_to_who_comes() -> None:
    rows = ("Ida|ida@us.example|Ada|ada@l.example|7", "Eva|eva@us.example|Joan|joan@b.example|8")
    found = meanings("Buyer First Name|Buyer Email|First Name|Email|Attendee #", *rows)
    assert found == {"First Name": "contact.first_name", "Email": "contact.email"}


def test_a_person_is_asked_where_our_own_words_leave_a_name_out() -> None:
    """“Email” alone is one of ours; “First Name” is only like one."""
    columns = propose_columns(["Email", "First Name"], [["ada@l.example", "Ada"]], {})
    own = map_columns(["Email", "First Name"], {})
    assert not is_meaning_agreed(own, columns, {})
    assert is_meaning_agreed(own, columns, {"Email": "contact.email"})
    assert is_meaning_agreed(own, columns[:1], {})
