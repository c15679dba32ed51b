import csv
import io
import json
from typing import Any

import pytest
import time_machine

from imports import opening, page, releasing
from imports.handler import handler
from imports.rows import read_row, source_of
from leadloop.act import Failure
from leadloop.edge import act as edge_act
from leadloop.edge import import_files as doors
from leadloop.edge.act import act
from leadloop.intake.tables.open import open_table
from leadloop.store.imports import ImportState, get
from tests.functions.aws_fixture import AwsFixture
from tests.functions.imports.flow import (
    CONTEXT,
    PEOPLE,
    call_admin,
    import_file,
    list_pages,
    open_import,
    read_result,
    run_import,
    start_import,
    upload_file,
)
from tests.stories.world import compile_acme

UNKNOWN = PEOPLE.replace("E-Mail", "Where to write").replace("Halle", "Hall")
MANY = "E-Mail,Name\n" + "".join(f"p{n}@many.example,Person {n}\n" for n in range(23))


def rows(home: AwsFixture, import_id: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read_result(home, import_id))))


def state(home: AwsFixture) -> list[tuple[Any, ...]]:
    """What the table holds of people, without what names the moment of deciding."""
    return sorted(
        (r.id, r.outcome, r.lead_id, r.person and r.person.contact.email) for r in home.records()
    )


def test_each_row_ends_with_one_outcome_and_its_reason(home: AwsFixture) -> None:
    made = rows(home, import_file(home))
    assert [row["outcome"] for row in made] == ["lead", "lead", "quarantined", "merged"]
    assert [row["line"] for row in made] == ["2", "3", "4", "5"]
    assert "neither an e-mail address nor a phone" in made[2]["reasons"]
    assert made[3]["lead"] == made[0]["submission"]
    assert made[0]["Firma"] == "Engines Ltd"


def test_rows_in_are_rows_out(home: AwsFixture) -> None:
    shown = call_admin("GET", f"/{import_file(home)}")
    assert (shown["rows"], shown["done"]) == (4, 4)
    assert shown["outcomes"] == {"lead": 2, "merged": 1, "quarantined": 1}
    assert shown["state"] == "done"


def test_the_same_file_again_creates_nothing(home: AwsFixture) -> None:
    import_file(home)
    before = state(home)
    again = import_file(home)
    assert state(home) == before
    shown = call_admin("GET", f"/{again}")
    assert (shown["again"], shown["outcomes"]["lead"]) == (4, 2)
    assert {row["imported before"] for row in rows(home, again)} == {"yes"}


def test_the_same_file_twice_at_once_is_imported_once(
    home: AwsFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page by page in turn: each row is founded by one of the two, and known to the other."""
    monkeypatch.setattr(opening, "PAGE_ROWS", 10)
    both = [start_import(), start_import()]
    for import_id in both:
        upload_file(home, import_id, MANY)
    for turn in zip(*(list_pages(home, open_import(import_id)) for import_id in both), strict=True):
        for page_of in turn:
            handler({"task": "rows", **page_of}, CONTEXT)
    for import_id in both:
        assert handler({"task": "close", "import": import_id}, CONTEXT)["outcome"] == "done"
        assert call_admin("GET", f"/{import_id}")["outcomes"] == {"lead": 23}
    assert [call_admin("GET", f"/{import_id}")["again"] for import_id in both] == [0, 23]
    assert len(home.records()) == 23


def test_progress_can_be_read_while_it_runs(
    home: AwsFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "PAGE_ROWS", 10)
    import_id = start_import()
    upload_file(home, import_id, MANY)
    first, *_ = list_pages(home, open_import(import_id))
    for _ in range(2):
        handler({"task": "rows", **first}, CONTEXT)
    shown = call_admin("GET", f"/{import_id}")
    assert (shown["state"], shown["rows"], shown["done"]) == ("running", 23, 10)
    assert handler({"task": "close", "import": import_id}, CONTEXT)["outcome"] == "missing"
    told = call_admin("GET", f"/{import_id}/rows", page="0")
    assert (len(told["rows"]), told["next"]) == (10, 1)
    assert call_admin("GET", f"/{import_id}/rows", page="1")["rows"] == []
    assert call_admin("GET", f"/{import_id}/result")["status"] == 409


def test_an_import_with_pages_left_says_so_and_can_be_gone_on_with(
    home: AwsFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "PAGE_ROWS", 10)
    import_id = start_import()
    upload_file(home, import_id, MANY)
    first, *_ = list_pages(home, open_import(import_id))
    handler({"task": "rows", **first}, CONTEXT)
    handler({"task": "close", "import": import_id}, CONTEXT)
    shown = call_admin("GET", f"/{import_id}")
    assert (shown["state"], shown["done"]) == ("failed", 10)
    assert "2 of 3 pages" in shown["refused"]
    assert call_admin("POST", f"/{import_id}/confirm")["state"] == "running"
    assert run_import(home, import_id, "confirmed")["outcome"] == "done"
    shown = call_admin("GET", f"/{import_id}")
    assert (shown["state"], shown["refused"], shown["done"]) == ("done", None, 23)


@pytest.mark.parametrize("data", [PEOPLE, "Wer,Mail\nAda,ada@lovelace.example\n"])
def test_a_file_that_breaks_who_opens_it_has_failed_and_can_be_tried_again(
    home: AwsFixture, data: str
) -> None:
    import_id = start_import()
    upload_file(home, import_id, data)
    task = {"task": "give up", "key": f"files/{import_id}", "error": "Runtime.OutOfMemory"}
    for _ in range(2):
        handler(task, CONTEXT)
        shown = call_admin("GET", f"/{import_id}")
        assert (shown["state"], "Runtime.OutOfMemory" in shown["refused"]) == ("failed", True)
    assert open_import(import_id)["next"] == "nothing"
    assert call_admin("POST", f"/{import_id}/confirm")["state"] == "awaited"
    run_import(home, import_id, "confirmed")
    shown = call_admin("GET", f"/{import_id}")
    assert (shown["state"] in {"done", "proposed"}, shown["refused"]) == (True, None)


def test_what_is_done_already_is_not_given_up(home: AwsFixture) -> None:
    import_id = import_file(home)
    handler({"task": "give up", "key": f"confirmed/{import_id}", "error": "x"}, CONTEXT)
    handler({"task": "give up", "key": "files/nobodys", "error": "x"}, CONTEXT)
    assert call_admin("GET", f"/{import_id}")["state"] == "done"


def test_columns_nobody_mapped_are_proposed_and_wait_for_a_person(home: AwsFixture) -> None:
    import_id = start_import()
    upload_file(home, import_id, UNKNOWN)
    assert open_import(import_id)["next"] == "nothing"
    shown = call_admin("GET", f"/{import_id}")
    meanings = {column["name"]: column["meaning"] for column in shown["columns"]}
    assert shown["state"] == "proposed"
    assert meanings == {
        "Where to write": "contact.email",
        "Name": "contact.name",
        "Firma": "contact.company",
        "Hall": None,
    }
    assert shown["preview"][0]["contact"]["email"] == "ada@lovelace.example"
    confirmed = call_admin("POST", f"/{import_id}/confirm", {"meaning": {"Hall": "fields.hall"}})
    assert (confirmed["status"], confirmed["state"]) == (200, "running")
    assert home.aws.s3.head_object(Bucket="raw", Key=f"confirmed/{import_id}")
    assert run_import(home, import_id, "confirmed")["rows"] == 4
    assert "ada@lovelace.example" in read_result(home, import_id)


@pytest.mark.parametrize(
    ("meaning", "status"),
    [
        ({"Nothing": "email"}, 422),
        ({"Where to write": ""}, 422),
        ({"Name": "fields."}, 422),
        ({"Name": "contact.nmae"}, 422),
    ],
)
def test_a_meaning_that_cannot_be_is_refused_and_changes_nothing(
    home: AwsFixture, meaning: dict[str, str], status: int
) -> None:
    import_id = start_import()
    upload_file(home, import_id, UNKNOWN)
    open_import(import_id)
    assert call_admin("POST", f"/{import_id}/confirm", {"meaning": meaning})["status"] == status
    assert call_admin("GET", f"/{import_id}")["state"] == "proposed"


def test_there_is_nothing_to_confirm_before_the_file_or_after_its_end(home: AwsFixture) -> None:
    assert call_admin("POST", f"/{start_import()}/confirm")["status"] == 409
    assert call_admin("POST", f"/{import_file(home)}/confirm")["status"] == 409
    assert call_admin("POST", "/NOBODYS/confirm")["status"] == 404


def test_a_file_that_is_no_table_is_refused_with_its_reason(home: AwsFixture) -> None:
    import_id = start_import()
    upload_file(home, import_id, b"%PDF-1.7")
    assert run_import(home, import_id)["next"] == "nothing"
    shown = call_admin("GET", f"/{import_id}")
    assert shown["state"] == "refused"
    assert "no table" in shown["refused"]
    assert home.records() == []


@pytest.mark.parametrize(
    "other", ["other,columns\na@b.example,1\n", UNKNOWN.replace("ada@", "eve@")]
)
def test_another_file_sent_after_its_columns_were_read_is_not_taken_for_the_first(
    home: AwsFixture, other: str
) -> None:
    """Though it has the same columns: what a person saw and confirmed was not this."""
    import_id = start_import()
    upload_file(home, import_id, UNKNOWN)
    open_import(import_id)
    call_admin("POST", f"/{import_id}/confirm")
    upload_file(home, import_id, other)
    run_import(home, import_id, "confirmed")
    assert call_admin("GET", f"/{import_id}")["state"] == "refused"
    assert home.records() == []


def test_a_second_word_about_a_file_that_is_done_does_nothing(home: AwsFixture) -> None:
    import_id = import_file(home)
    before = home.items()
    assert run_import(home, import_id)["next"] == "nothing"
    assert home.items() == before
    assert run_import(home, "unknown")["next"] == "nothing"


def test_a_row_that_breaks_the_decision_costs_no_other_and_ends_with_a_person(
    home: AwsFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(triggers: Any) -> list[Any]:
        """Whatever is wrong with Grace, it is not foreseen."""
        poison = [t.contact.name == "Grace Hopper" and not t.unreadable for t in triggers]
        good = iter(act([t for t, bad in zip(triggers, poison, strict=True) if not bad]))
        return [
            Failure(t, ZeroDivisionError()) if bad else next(good)
            for t, bad in zip(triggers, poison, strict=True)
        ]

    monkeypatch.setattr(page, "act", breaking)
    made = rows(home, import_file(home))
    assert [row["outcome"] for row in made] == ["lead", "quarantined", "quarantined", "merged"]
    assert made[1]["reasons"].startswith("It could not be decided")


def notes(home: AwsFixture, received_first: bool) -> dict[str, str]:
    """What is kept of a column nobody mapped, by address; of the first import or the second."""
    at = {record.received_at for record in home.records()}
    moment = min(at) if received_first else max(at)
    kept = [json.loads(r.raw.body) for r in home.records() if r.received_at == moment]
    return {each["values"]["contact.email"]: each["others"]["Notiz"] for each in kept}


def test_what_goes_out_is_no_formula_and_comes_back_as_it_was(home: AwsFixture) -> None:
    risky = ['=HYPERLINK("http://evil.example")', "+1+1", "-2", "@SUM(A1)", "plain", "'tis"]
    quoted = [cell.replace('"', '""') for cell in risky]
    lines = [f'p{n}@risk.example,"{cell}"' for n, cell in enumerate(quoted)]
    out = read_result(home, import_file(home, "E-Mail,Notiz\n" + "\n".join(lines)))
    cells = [cell for line in csv.reader(io.StringIO(out)) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    import_file(home, out)
    first = notes(home, received_first=True)
    assert list(dict(sorted(first.items())).values()) == risky
    assert notes(home, received_first=False) == first


def test_a_workbook_is_read_like_a_text(home: AwsFixture) -> None:
    from tests.unit.intake.tables.test_workbook import saved, sheet  # noqa: PLC0415

    lines = [line.split(",") for line in PEOPLE.splitlines()]
    made = rows(home, import_file(home, saved(sheet(*lines))))
    assert [row["outcome"] for row in made] == ["lead", "lead", "quarantined", "merged"]


def test_a_workbook_that_breaks_its_reader_is_refused(home: AwsFixture) -> None:
    """An old workbook whose head promises more than there is memory for."""
    import_id = start_import()
    upload_file(home, import_id, b"\xd0\xcf\x11\xe0" + b"\xff" * 4_096)
    run_import(home, import_id)
    assert call_admin("GET", f"/{import_id}")["state"] == "refused"


def test_an_upload_goes_to_one_place_with_a_limit_and_for_a_while(home: AwsFixture) -> None:
    answer = call_admin("POST", "", {"source": "fair", "name": "march.csv"})
    assert answer["status"] == 201
    assert answer["upload"]["fields"]["key"] == f"files/{answer['import_id']}"
    assert answer["upload"]["most_bytes"] == doors.FILE_BYTES
    assert call_admin("GET", f"/{answer['import_id']}")["state"] == "awaited"


@pytest.mark.parametrize(
    "body", [{}, {"source": "contact"}, {"source": "nobody"}, {"source": "fair", "owner": "x"}]
)
def test_only_a_source_that_takes_files_takes_one(home: AwsFixture, body: dict[str, str]) -> None:
    assert call_admin("POST", "", body)["status"] == 422


def test_rows_count_from_when_the_import_was_begun(home: AwsFixture) -> None:
    with time_machine.travel("2026-03-04T09:00:00Z", tick=False):
        import_id = start_import()
    upload_file(home, import_id, PEOPLE)
    run_import(home, import_id)
    assert {str(r.received_at)[:16] for r in home.records()} == {"2026-03-04 09:00"}


def test_the_import_keeps_what_it_was_agreed_on(home: AwsFixture) -> None:
    kept = get(home.table, import_file(home))
    assert kept is not None
    assert kept.state is ImportState.DONE
    assert kept.meaning["E-Mail"] == "contact.email"
    assert len(kept.sha256) == 64
    assert open_table([PEOPLE.encode()]).columns == tuple(column.name for column in kept.columns)


OLD = (
    "E-Mail,Name,Angelegt,Status,Betreuer,Verlauf\n"
    "ada@alt.example,Ada Alt,14.03.2021,Qualifiziert,Jonas Brandt,15.03.2021 called\n"
    "bea@alt.example,Bea Alt,15.03.2021,Angeschrieben,,\n"
    "bea@alt.example,Bea Alt,,,,\n"
    "cem@alt.example,Cem Alt,soon,Kunde,,\n"
)


def ready(home: AwsFixture) -> int:
    """Mails that were to leave."""
    return sum(str(item["sk"]["S"]).startswith("D#") for item in home.items())


def test_a_list_from_another_system_is_kept_quiet_until_its_import_is_released(
    home: AwsFixture,
) -> None:
    home.publish(compile_acme().playbook)
    import_id = import_file(home, OLD, "old-crm")
    shown = call_admin("GET", f"/{import_id}")
    assert shown["outcomes"] == {"lead": 2, "merged": 1, "quarantined": 1}
    assert (shown["quiet"], shown["released"], ready(home)) == (True, 0, 0)
    assert not [item for item in home.items() if "due_at" in item or "REP#" in str(item)]
    begun_ = call_admin("POST", f"/{import_id}/release")
    assert (begun_["status"], begun_["state"]) == (200, "releasing")
    run_import(home, import_id, "released")
    shown = call_admin("GET", f"/{import_id}")
    assert (shown["state"], shown["released"], ready(home)) == ("released", 2, 1)
    stages = {r.person.contact.email: r.lead.stage for r in home.records() if r.lead}
    assert stages == {"ada@alt.example": "qualified", "bea@alt.example": "nurturing"}
    assert call_admin("POST", f"/{import_id}/release")["status"] == 409
    assert call_admin("GET", f"/{import_id}/result")["status"] == 200


def test_a_release_that_was_killed_goes_on_and_tells_nobody_twice(
    home: AwsFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.publish(compile_acme().playbook)
    monkeypatch.setattr(releasing, "BATCH", 1)
    import_id = import_file(home, OLD, "old-crm")
    call_admin("POST", f"/{import_id}/release")
    (only,) = list_pages(home, open_import(import_id, "released"))
    real, left = edge_act.act, [1]

    def mortal(triggers: Any) -> Any:
        if not left:
            raise KeyboardInterrupt
        return real(triggers) if left.pop() else None

    monkeypatch.setattr(releasing, "act", mortal)
    with pytest.raises(KeyboardInterrupt):
        handler({"task": "rows", **only}, CONTEXT)
    assert handler({"task": "close", "import": import_id}, CONTEXT)["outcome"] == "missing"
    monkeypatch.setattr(releasing, "act", real)
    assert call_admin("POST", f"/{import_id}/release")["status"] == 200
    run_import(home, import_id, "released")
    shown = call_admin("GET", f"/{import_id}")
    assert (shown["state"], shown["released"], ready(home)) == ("released", 2, 1)


def test_only_what_is_kept_quiet_can_be_released(home: AwsFixture) -> None:
    assert call_admin("POST", f"/{import_file(home)}/release")["status"] == 409
    assert call_admin("POST", "/NOBODYS/release")["status"] == 404


def test_imports_are_listed_newest_first_with_what_became_of_them(home: AwsFixture) -> None:
    brought = [import_file(home), start_import(), start_import()]
    first = call_admin("GET", "", limit="2")
    assert [row["import_id"] for row in first["rows"]] == brought[:0:-1]
    assert {row["state"] for row in first["rows"]} == {"awaited"}
    rest = call_admin("GET", "", limit="2", cursor=first["next"])
    (row,) = rest["rows"]
    assert (row["import_id"], row["state"], row["done"]) == (brought[0], "done", 4)
    assert row["outcomes"] == {"lead": 2, "merged": 1, "quarantined": 1}
    assert call_admin("GET", "", cursor="junk")["status"] == 422


def test_no_row_waits_for_what_somebody_outside_would_say(home: AwsFixture) -> None:
    """Only a vendor's notice and a form's riddle are asked about; rows have neither."""
    found = get(home.table, start_import())
    assert found is not None
    read = open_table([PEOPLE.encode()])
    source = source_of(found)
    made = [read_row(found, source, row, read.columns, source.fields) for row in read.rows]
    assert [(each.fetch, each.captcha) for each in made] == [(None, None)] * 4
