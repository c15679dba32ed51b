"""What becomes of other people's mails; what is expected of each lies beside them."""

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from leadloop.intake.envelope import sha256
from leadloop.intake.mail.message import open_mail
from leadloop.model.submission import Submission
from leadloop.quality.normalise import normalise_contact
from tests.realdata.marks import Marks

Mailed = Callable[[bytes], tuple[Submission, ...]]
NATIONAL = 10  # digits of a North American number
CLASSES = {"not_a_bounce": ("lead", "reply")}


def digits(text: str | None) -> str:
    return "".join(letter for letter in text or "" if letter.isdigit())[-NATIONAL:]


def full_name(made: Submission) -> str | None:
    if made.contact.name:
        return normalise_contact(made.contact, "US", "en").contact.name
    return " ".join(filter(None, (made.contact.first_name, made.contact.last_name))) or None


def plain(text: object) -> str | None:
    """As far as spelling goes; a placeholder stands for nothing."""
    if text is None or (isinstance(text, str) and text.startswith("[")):
        return None
    return " ".join(str(text).casefold().split())


def fields(made: Submission, expected: dict[str, Any]) -> Iterator[tuple[str, object, object]]:
    """Name, expected, seen: of all that the notes speak of."""
    told = {**expected, **expected.get("fields", {})}
    contact = made.contact
    where = ", ".join(filter(None, (contact.street, contact.city, contact.region))) or None
    seen: dict[str, object] = {
        "name": full_name(made),
        "customer_name": full_name(made),
        "email": contact.email,
        "property": made.interest.product,
        "vehicle": made.interest.product,
        "service_requested": made.interest.product,
        "customer_address": where or contact.postcode,
    }
    for name, value in seen.items():
        if name in told:
            yield name, plain(told[name]), plain(value)
    phones = [p for p in (told.get("phone"), told.get("customer_number")) if p]
    known = {digits(contact.phone), *map(digits, made.fields.get("other_phones", "").split(","))}
    for phone in [*phones, *told.get("phones", [])]:
        yield "phone", digits(phone), digits(phone) if digits(phone) in known else contact.phone
    if "customer_number" in told and told["customer_number"] is None:
        yield "phone", None, contact.phone
    if told.get("email_is_relay"):
        yield "relay", None, contact.email
        yield "relay kept", True, made.relay is not None


def state(made: Submission) -> str:
    if made.refused:
        return "rejected"
    return "quarantine" if made.unreadable else "lead"


def wanted(expected: dict[str, Any]) -> tuple[str, ...]:
    """The states that a note allows: `lead_or_quarantine`, `not_a_lead_quarantine`, …"""
    outcome = expected["outcome"]
    if outcome == "see_fields":
        return ("lead", "quarantine")
    refused = ("quarantine", "rejected")
    if outcome.startswith("not_a_lead") or "spam" in outcome:
        return refused
    return (
        tuple(
            name for name in ("lead", *refused) if name in outcome.replace("rejection", "rejected")
        )
        or refused
    )


def test_adf_of_others_is_read_as_its_notes_say(
    realdata: Path, mailed: Mailed, marks: Marks
) -> None:
    folder = realdata / "adf_xml"
    head = b"From: a@portal.example\nContent-Type: text/xml\n\n"
    wrong: dict[str, list[object]] = {}
    persons = 0
    expectations = json.loads((folder / "EXPECTED.json").read_text("utf-8"))
    for name, expected in expectations.items():
        made, *more = mailed(head + (folder / name).read_bytes())
        faults: list[object] = [f for f in fields(made, expected) if f[1] != f[2]]
        faults += [("more", made)] if more else []
        faults += [] if state(made) in wanted(expected) else [("state", state(made))]
        faults += [] if state(made) == "lead" or made.unreadable else [("no reason", made)]
        persons += any(f[2] is not None for f in fields(made, expected) if f[1] != f[2])
        if faults:
            wrong[name] = faults
    right = len(expectations) - len(wrong)
    marks.share("adf_xml", "as EXPECTED.json", right, len(expectations), at_least=1.0)
    marks.at_most("adf_xml", "wrong person or phone", persons, 0)
    assert wrong == {}


def test_vendor_mails_are_read_as_their_notes_say(
    realdata: Path, mailed: Mailed, marks: Marks
) -> None:
    folder = realdata / "vendor_mails"
    told, right, persons, refused, not_leads, states = 0, 0, [], 0, 0, []
    expectations = json.loads((folder / "EXPECTED.json").read_text("utf-8"))
    for name, expected in expectations.items():
        made = mailed((folder / name).read_bytes())[0]
        found = list(fields(made, expected))
        told += len(found)
        right += sum(want == seen for _, want, seen in found)
        persons += [
            (name, what, seen)
            for what, want, seen in found
            if what in {"name", "customer_name", "email", "phone", "relay"}
            and seen is not None
            and want != seen
        ]
        if "lead" not in wanted(expected):
            not_leads += 1
            refused += state(made) != "lead"
        elif state(made) not in wanted(expected):
            states.append((name, [reason.code for reason in made.unreadable]))
    marks.at_most("vendor_mails", "wrong person or phone", len(persons), 0)
    marks.share("vendor_mails", "fields right", right, told, at_least=0.9)
    marks.share("vendor_mails", "non-leads refused", refused, max(not_leads, 1), at_least=1.0)
    marks.at_most("vendor_mails", "leads that are quarantined", len(states), 0)
    assert (persons, states) == ([], [])


def test_no_placeholder_of_a_vendor_becomes_a_value(realdata: Path, mailed: Mailed) -> None:
    for path in sorted((realdata / "vendor_mails").glob("*.eml")):
        for made in mailed(path.read_bytes()):
            values = made.contact.model_dump(exclude_none=True).values()
            assert not [value for value in values if value.startswith("[")], path.name


def test_what_came_back_is_told_apart_and_nobody_of_it_is_a_lead(
    realdata: Path, mailed: Mailed, marks: Marks
) -> None:
    folder = realdata / "bounces_sisimai"
    labels = json.loads((folder / "LABELS.json").read_text("utf-8"))
    leads, classes, asked, recipients = [], 0, 0, 0
    for row in labels:
        body = (folder / row["file"]).read_bytes()
        mail = open_mail(body)
        classes += mail.nature in CLASSES.get(row["label"], (row["label"],))
        leads += [row["file"] for made in mailed(body) if state(made) == "lead"]
        if row["label"] in {"bounce", "complaint"} and (theirs := told_recipients(row, body)):
            asked += 1
            recipients += any(found.casefold() in theirs for found in mail.recipients[:1])
    marks.at_most("bounces_sisimai", "leads made", len(leads), 0)
    marks.share("bounces_sisimai", "class right", classes, len(labels), at_least=0.95)
    marks.share("bounces_sisimai", "recipient right", recipients, asked, at_least=0.9)
    assert leads == []


def told_recipients(row: dict[str, Any], body: bytes) -> set[str]:
    """By the label, else by the fields of the report itself, else by whom the mail had been to."""
    if given := row.get("recipient") or row.get("recipients"):
        return {r.casefold() for r in ([given] if isinstance(given, str) else given)}
    lines = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").decode("latin-1").split("\n")
    for names in (
        ("final-recipient:", "x-failed-recipients:", "original-rcpt-to:"),
        ("original-recipient:", "x-actual-recipient:"),
        ("to:",),
    ):
        values = [ln.partition(":")[2] for ln in lines if ln.lower().startswith(names)]
        values = values[1:] if names == ("to:",) else values  # the first is the report's own
        texts = [v.rpartition(";")[2].split("<")[-1].strip(" <>,") for v in values]
        if found := {t.casefold() for t in texts if "@" in t and " " not in t}:
            return found
    return set()


def tortured(realdata: Path) -> list[Path]:
    folder = realdata / "mime_torture"
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_tortured_mails_each_have_a_state_and_keep_their_bytes(
    realdata: Path, mailed: Mailed, marks: Marks
) -> None:
    paths = tortured(realdata)
    accounted, exact, slowest = 0, 0, 0.0
    for path in paths:
        raw = path.read_bytes()
        body = gzip.decompress(raw) if path.suffix == ".gz" else raw
        before = time.process_time()
        found = mailed(body)
        slowest = max(slowest, time.process_time() - before)
        accounted += bool(found) and all(
            made.refused
            or made.unreadable
            or made.contact.email
            or made.contact.phone
            or made.relay
            for made in found
        )
        exact += all(made.raw.sha256 == sha256(body) for made in found)
    marks.share("mime_torture", "accounted for", accounted, len(paths), at_least=1.0)
    marks.share("mime_torture", "raw bytes kept", exact, len(paths), at_least=1.0)
    marks.at_most("mime_torture", "slowest", slowest, 2, "s CPU")


READ_THEM = r"""
import gzip, re, sys
from pathlib import Path
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.mail.message import open_mail
from leadloop.intake.policy import MailSource
from leadloop.model.errors import LeadloopError
source = MailSource(kind="mail", id="d", product_line="p", country="US", language="en", address="d")
for name in sys.argv[1:]:
    body = Path(name).read_bytes()
    body = gzip.decompress(body) if name.endswith(".gz") else body
    try:
        read_prospects(open_mail(body), source)
    except LeadloopError:
        pass
print(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def test_tortured_mails_take_little_memory(realdata: Path, marks: Marks) -> None:
    """All of them in one process of its own, whose high-water mark is read at the end.

    Its own since it began: what `getrusage` tells is at least what the test's process had.
    """
    names = [str(path) for path in tortured(realdata)]
    said = subprocess.run(
        [sys.executable, "-c", READ_THEM, *names], check=True, capture_output=True, text=True
    ).stdout
    marks.at_most("mime_torture", "memory, imports included", int(said), 256, "MB")
