import csv
import json
from pathlib import Path

from lxml import etree

from leadloop.quality.email import parse_email
from leadloop.quality.person_name import build_person_name
from leadloop.quality.phone import parse_phone

OTHER_SPELLINGS = ("national", "international", "rfc3966")
SURE_SPLITS = 0.95  # of the names with just a given and a family name
REFUSED = ("test_email_invalid_syntax", "test_email_invalid_syntax_strict")


def test_every_valid_number_of_every_region_has_one_spelling(realdata: Path) -> None:
    wrong = []
    with (realdata / "phones" / "libphonenumber_examples_open.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for spelling in OTHER_SPELLINGS:
                phone = parse_phone(row[spelling], (row["region"],))
                valid = row["validity"] == "valid"
                if row[spelling] and (phone.e164 if phone else None) != (
                    row["e164_expected"] if valid else None
                ):
                    wrong.append((row["region"], row[spelling]))
    assert wrong == []


def unpictured(text: str) -> str:
    """The list shows control characters by their pictures."""
    return "".join(chr(ord(c) - 0x2400) if "␀" <= c <= "␟" else c for c in text)


def test_addresses_that_cannot_be_are_refused(realdata: Path) -> None:
    folder = realdata / "email_addresses"
    cases = json.loads((folder / "python_email_validator_open.json").read_text("utf-8"))
    texts = [case["input"] for case in cases if case["test"] in REFUSED]
    cases = json.loads((folder / "isemail_tests_open.json").read_text("utf-8"))
    texts += [unpictured(c["address"] or "") for c in cases if c["category"] == "ISEMAIL_ERR"]
    assert [text for text in texts if parse_email(text) is not None] == []


def test_addresses_that_are_right_are_taken(realdata: Path) -> None:
    folder = realdata / "email_addresses"
    cases = json.loads((folder / "python_email_validator_open.json").read_text("utf-8"))
    texts = [
        c["input"]
        for c in cases
        if c["test"].startswith("test_email_valid") and "quoted" not in c["test"]
    ]
    cases = json.loads((folder / "isemail_tests_open.json").read_text("utf-8"))
    texts += [c["address"] for c in cases if c["category"] == "ISEMAIL_VALID_CATEGORY"]
    texts = [text for text in texts if '"' not in text and "<" not in text]  # not a bare address
    assert [text for text in texts if parse_email(text) is None] == []


def test_plain_names_are_split_where_a_person_would(realdata: Path) -> None:
    path = realdata / "names_addresses" / "probablepeople_person_labeled_open.xml"
    seen, right = 0, 0
    for name in etree.fromstring(path.read_bytes()):
        parts = [(str(part.tag), (part.text or "").strip(",")) for part in name]
        if [tag for tag, _ in parts] == ["GivenName", "Surname"]:
            seen += 1
            (_, first), (_, last) = parts
            found = build_person_name(f"{first} {last}", None, None, frozenset({"US"}))
            right += (found.first, found.last) == (first, last)
    assert right / seen >= SURE_SPLITS


def test_no_letter_of_a_name_is_lost(realdata: Path) -> None:
    path = realdata / "names_addresses" / "probablepeople_person_labeled_open.xml"
    for name in etree.fromstring(path.read_bytes()):
        text = " ".join("".join(name.itertext()).split())
        assert build_person_name(text, None, None, frozenset()).full == text
