"""Posts of real vendors: whoever they name is one lead, tests and deletions are none."""

import json
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from leadloop.intake.webhook_signatures import STANDARD_SIGNATURE, is_authentic
from leadloop.model.submission import Submission
from leadloop.quality.normalise import normalise_contact
from tests.realdata.marks import Marks
from tests.unit.intake.webhooks.posts import build_source, read_post

SET = "lead_webhooks"
FLAT: dict[str, Any] = {
    "fields": {
        "SENDER_NAME": "contact.name",
        "SENDER_MOBILE": "contact.phone",
        "SENDER_EMAIL": "contact.email",
        "GLUSR_USR_COMPANYNAME": "contact.company",
        "QUERY_MESSAGE": "interest.message",
    },
    "key_field": "UNIQUE_QUERY_ID",
}
UNBOUNCE = {
    "inside": "data.json",
    "fields": {
        "first_name[0]": "contact.first_name",
        "email[0]": "contact.email",
        "phone[0]": "contact.phone",
    },
}
READ_BY: dict[str, tuple[str, dict[str, Any]]] = {
    "google": ("google", {}),
    "meta": ("meta", {}),
    "linkedin": ("linkedin", {}),
    "typeform": ("typeform", {}),
    "indiamart": ("json", FLAT),
    "unbounce": ("json", UNBOUNCE),
}
PAIRS = "application/x-www-form-urlencoded"


def read(path: Path) -> list[Submission]:
    """By the source of its vendor; what is not for us has `unreadable` reasons."""
    vendor = path.name.partition("_")[0]
    format_, row = READ_BY.get(vendor, ("json", FLAT))
    kind = {".txt": PAIRS, ".xml": "application/xml"}.get(path.suffix, "application/json")
    return read_post(path.read_bytes(), build_source(format_, **row), kind)


def end_of(made: Submission) -> str:
    if made.fetch is not None:
        return "to be fetched"
    if made.unreadable:
        return f"quarantined: {made.unreadable[0].code}"
    reachable = made.contact.email or made.contact.phone
    return "lead" if reachable else "quarantined: no_way_to_reach"


def test_every_file_has_a_named_end_and_its_bytes(realdata: Path, marks: Marks) -> None:
    files = [
        p for p in sorted((realdata / SET).rglob("*")) if p.suffix in (".json", ".txt", ".xml")
    ]
    files = [path for path in files if path.name != "EXPECTED.json"]
    ends: Counter[str] = Counter()
    kept, slowest = 0, 0.0
    for path in files:
        before = time.process_time()
        made = read(path)
        slowest = max(slowest, time.process_time() - before)
        assert made, path.name
        ends.update(map(end_of, made))
        kept += all(each.raw.body == path.read_bytes() for each in made)
    marks.share(SET, "named end, bytes kept", kept, len(files), at_least=1)
    marks.at_most(SET, "slowest file", slowest, 2, "s")
    told = ", ".join(f"{end} {count}" for end, count in sorted(ends.items()))
    marks.row(SET, "ends", told, "each named", met=True)


def test_the_vendors_id_is_the_key_as_number_and_as_text(realdata: Path, marks: Marks) -> None:
    """Typeform lists a response by its token; what is expected here is one delivery's own id."""
    expected = json.loads((realdata / SET / "EXPECTED.json").read_text("utf-8"))
    named = {name: row["external_id"] for name, row in expected.items() if "external_id" in row}
    typeform = json.loads((realdata / SET / "typeform_0.json").read_text("utf-8"))
    named["typeform_0.json"] = typeform["form_response"]["token"]
    right = 0
    for name, wanted in named.items():
        (made,) = read(realdata / SET / name)
        text = (realdata / SET / name).read_text("utf-8")
        other = text.replace(f'"{wanted}"', wanted) if wanted.isdigit() else f" {text}"
        (same,) = read_post(other.encode(), build_source(READ_BY[name.partition("_")[0]][0]))
        right += made.fields.get("vendor_lead_id") == wanted and same.id == made.id
    marks.share(SET, "id as number or text = one lead", right, len(named), at_least=1)


def test_phones_become_what_their_country_makes_of_them(realdata: Path, marks: Marks) -> None:
    expected = json.loads((realdata / SET / "EXPECTED.json").read_text("utf-8"))
    wanted = expected["google_leadform_1.json"]["phone_e164_with_BR_default"]
    (made,) = read(realdata / SET / "google_leadform_1.json")
    phone = normalise_contact(made.contact, "BR", "pt").contact.phone
    marks.row(SET, "phone by the source's country", str(phone), wanted, met=phone == wanted)


def test_tests_and_deletions_are_no_leads_in_any_post(realdata: Path, marks: Marks) -> None:
    google = json.loads((realdata / SET / "google_leadform_1.json").read_text("utf-8"))
    linkedin = json.loads((realdata / SET / "linkedin_created.json").read_text("utf-8"))
    (test,) = read_post({**google, "is_test": True}, build_source("google"))
    (gone,) = read_post({**linkedin, "leadAction": "DELETED"}, build_source("linkedin"))
    (came,) = read_post(linkedin, build_source("linkedin"))
    counted = sum((not test.test, gone.erases != came.id, gone.fetch is not None))
    marks.at_most(SET, "tests and deletions counted as leads", counted, 0)


def test_a_batch_is_as_many_leads_as_it_names(realdata: Path, marks: Marks) -> None:
    meta = json.loads((realdata / SET / "meta_leadgen_1.json").read_text("utf-8"))
    (change,) = meta["entry"][0]["changes"]
    for n in range(99):
        value = {**change["value"], "leadgen_id": 1_000 + n}
        meta["entry"][0]["changes"].append({**change, "value": value})
    ids = {made.id for made in read_post(meta, build_source("meta"))}
    marks.share(SET, "leads of a batch of 100", len(ids), 100, at_least=1)


def test_standard_webhooks_vectors_are_equal(realdata: Path, marks: Marks) -> None:
    path = realdata / "webhook_signatures" / "standard_webhooks_known_vectors.json"
    vectors = json.loads(path.read_text("utf-8"))
    right = cases = 0
    for vector in vectors:
        at = datetime.fromtimestamp(int(vector["webhook-timestamp"]), UTC)
        headers = {name: vector[name] for name in vector if name.startswith("webhook-")}
        good, other = vector["secret"], "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        body = vector["body"].encode()
        minutes = timedelta(minutes=1)
        for keys, now, sent, wanted in (
            ([good], at, body, True),
            ([other, good], at, body, True),  # the old key while it is changed
            ([good], at + 4 * minutes, body, True),
            ([good], at - 4 * minutes, body, True),
            ([good], at + 6 * minutes, body, False),
            ([good], at - 6 * minutes, body, False),
            ([good], at, body + b" ", False),
            ([other], at, body, False),
        ):
            cases += 1
            right += is_authentic(STANDARD_SIGNATURE, headers, sent, {}, keys, now) is wanted
    marks.share("webhook_signatures", "known vectors, 8 cases each", right, cases, at_least=1)
