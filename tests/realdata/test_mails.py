import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from leadloop.model.submission import Submission
from leadloop.quality.clean import clean

Mailed = Callable[[bytes], tuple[Submission, ...]]
NATIONAL = 10  # digits of a North American number


def digits(text: str | None) -> str:
    return "".join(letter for letter in text or "" if letter.isdigit())[-NATIONAL:]


def differences(made: Submission, expected: dict[str, Any]) -> list[str]:
    """What is not as expected; nothing said is nothing expected."""
    contact = clean(made.contact, "US", "en").contact
    outcome = expected["outcome"]
    seen = {
        "name": (made.contact.name and contact.name)
        or " ".join(p for p in (made.contact.first_name, made.contact.last_name) if p)
        or None,
        "email": made.contact.email,
    }
    wrong = [name for name in seen if name in expected and seen[name] != expected[name]]
    phones = [expected["phone"]] if "phone" in expected else expected.get("phones", [])
    known = {digits(made.contact.phone)} | {
        digits(phone) for phone in made.fields.get("other_phones", "").split(",")
    }
    if phones and {digits(phone) for phone in phones} - known:
        wrong.append("phones")
    if "vehicle" in expected and made.interest.product != expected["vehicle"]:
        wrong.append("vehicle")
    if outcome == "lead" and made.unreadable:
        wrong.append(f"quarantined: {[reason.code for reason in made.unreadable]}")
    if "quarantine" in outcome and "or" not in outcome.split("_") and not made.unreadable:
        wrong.append("not quarantined")
    return wrong


def compared(folder: Path, mailed: Mailed, wrap: Callable[[bytes], bytes]) -> dict[str, list[str]]:
    expectations = json.loads((folder / "EXPECTED.json").read_text("utf-8"))
    found = {}
    for name, expected in expectations.items():
        (made,) = mailed(wrap((folder / name).read_bytes()))
        found[name] = differences(made, expected)
    return {name: wrong for name, wrong in found.items() if wrong}


def test_adf_of_others_is_read_as_its_notes_say(realdata: Path, mailed: Mailed) -> None:
    head = b"From: a@portal.example\nContent-Type: text/xml\n\n"
    assert compared(realdata / "adf_xml", mailed, lambda body: head + body) == {}


def test_vendor_mails_are_read_as_their_notes_say(realdata: Path, mailed: Mailed) -> None:
    assert compared(realdata / "vendor_mails", mailed, lambda body: body) == {}


def test_no_placeholder_of_a_vendor_becomes_a_value(realdata: Path, mailed: Mailed) -> None:
    for path in sorted((realdata / "vendor_mails").glob("*.eml")):
        for made in mailed(path.read_bytes()):
            values = made.contact.model_dump(exclude_none=True).values()
            assert not [value for value in values if value.startswith("[")], path.name


def test_tortured_mails_end_in_quarantine_or_as_leads_within_their_time(
    realdata: Path, mailed: Mailed
) -> None:
    paths = [path for path in (realdata / "mime_torture").rglob("*") if path.is_file()]
    assert paths
    for path in paths:
        body = path.read_bytes()
        body = gzip.decompress(body) if path.suffix == ".gz" else body
        before = time.process_time()
        assert mailed(body), path.name
        assert time.process_time() - before < 5, path.name
