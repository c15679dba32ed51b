"""The sample leads that were agreed on, each with the file that shows it and what it must expect.

The files are sent by the tests beside this one and by the laptop run; this holds them to the list.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.local.expectations import Expectation, read_expectation
from infra.local.samples import read_samples
from infra.local.stories import read_stories

EVENTS = Path(__file__).parents[2] / "events"
SENT: dict[str, tuple[Expectation, ...]] = {
    each.name: (each.expected,) for each in read_samples(EVENTS)
}
TOLD: dict[str, tuple[Expectation, ...]] = {
    each.name: tuple(step.expect for step in each.steps) for each in read_stories(EVENTS)
}
EVERY = SENT | TOLD

AGREED: list[tuple[str, str, dict[str, Any]]] = [
    ("a good form", "capture/hot-plant-manager", {"status": 202, "outcome": "lead"}),
    ("a form without a script", "capture/home-hot", {"status": 303, "outcome": "lead"}),
    ("the same person again", "capture/same-person-again", {"outcome": "merged"}),
    ("nothing overwritten", "capture/same-person-again", {"contact": {"company": "Nordwerk GmbH"}}),
    ("a colleague of the same company", "capture/colleague", {"outcome": "lead"}),
    ("a customer asks again", "capture/customer-again", {"pool": "success", "stage": "customer"}),
    ("a customer's colleague", "partners/colleague-of-a-customer", {"pool": "success"}),
    ("hot goes to the seniors", "capture/hot-plant-manager", {"rating": "hot", "pool": "senior"}),
    ("cold is nurtured", "capture/cold-nurtured", {"rating": "cold", "stage": "nurturing"}),
    ("a phone that is none", "capture/phone-invalid", {"reasons_contain": ("phone_invalid",)}),
    ("all on leave or full", "capture/islands-full", {"pool": "overflow"}),
    ("a pool that is closed", "capture/home-at-night", {"pool": "care"}),
    ("a robot", "capture/honeypot", {"status": 202, "outcome": "rejected"}),
    ("ADF mail", "mail_in/adf", {"outcome": "lead"}),
    ("label and value mail", "mail_in/labels", {"outcome": "lead"}),
    ("a mail nobody can read", "mail_in/unreadable", {"outcome": "quarantined"}),
    ("its raw bytes", "stories/unreadable-mail", {"outcome": "quarantined", "raw_kept": True}),
    ("mended and released", "stories/unreadable-mail", {"outcome": "lead", "raw_kept": True}),
    ("an unknown source", "mail_in/for-nobody", {"outcome": "quarantined"}),
    ("a partner's lead", "partners/hot", {"status": 201, "outcome": "lead"}),
    ("a partner's second", "partners/merged", {"status": 200, "outcome": "merged"}),
    ("a partner's, refused", "partners/throw-away", {"status": 422, "outcome": "rejected"}),
    ("a wrong key", "partners/wrong-key", {"status": 403}),
    ("over the limit", "stories/over-its-limit", {"status": 429}),
    ("the same key twice", "partners/same-key-same-body", {"same_answer": True}),
    ("the same key, another body", "partners/same-key-other-body", {"status": 409}),
    ("a double click", "capture/double-click", {"same_answer": True}),
    ("nurtured to hot", "stories/nurtured-to-hot", {"rating": "hot", "stage": "qualified"}),
    ("a lost deal recycled", "stories/lost-and-recycled", {"cycle": 2, "stage": "qualified"}),
    ("and won", "stories/lost-and-recycled", {"opportunities": ("lost", "won")}),
    ("taken back in time", "stories/accepted-too-late", {"owner_changed": True}),
    ("accepted too late", "stories/accepted-too-late", {"status": 409}),
    ("won, then asks again", "stories/customer-returns", {"opportunities": ("won", "open")}),
    ("one-click unsubscribe", "stories/unsubscribed", {"enrolled": False, "mails": 1}),
    ("handed back", "stories/handed-back", {"stage": "nurturing"}),
    ("Polish", "capture/warm-poland", {"contact": {"name": "Żaneta Łęcka-Śliwińska"}}),
    ("Thai", "capture/overseas-thailand", {"contact": {"name": "สมศรี วงศ์สวัสดิ์"}}),
    ("Vietnamese", "capture/overseas-vietnam", {"contact": {"name": "Nguyễn Thị Ánh Tuyết"}}),
    ("Persian", "capture/overseas-iran", {"contact": {"name": "فاطمه رضایی"}}),
    ("malformed JSON", "capture/malformed", {"status": 400}),
    ("a wrong type", "capture/wrong-type", {"status": 422}),
    ("too big", "capture/too-big", {"status": 413}),
    ("NUL", "capture/nul", {"status": 422}),
    ("a lone surrogate", "capture/lone-surrogate", {"status": 422}),
    ("an unknown form", "capture/unknown-form", {"status": 404}),
    ("no consent", "capture/no-consent", {"status": 422}),
    ("a required field missing", "capture/no-mail", {"status": 422}),
    ("a webhook's lead, fetched", "capture/hook-meta", {"status": 202, "outcome": "lead"}),
    ("the same lead, its id a number", "capture/hook-meta-as-number", {"same_answer": True}),
    ("a webhook nobody signed", "capture/hook-meta-forged", {"status": 403}),
    ("a vendor's test", "capture/hook-google-test", {"outcome": "rejected"}),
    ("deleted at the vendor", "capture/hook-linkedin-deleted", {"outcome": "quarantined"}),
    ("a visitor nobody knows", "capture/visit", {"status": 204}),
    ("from a foreign page", "capture/foreign-origin", {"status": 403}),
]


@pytest.mark.parametrize(("what", "name", "wanted"), AGREED, ids=[row[0] for row in AGREED])
def test_an_agreed_sample_is_there_and_expects_what_was_agreed(
    what: str, name: str, wanted: dict[str, Any]
) -> None:
    assert any(_says(each, wanted) for each in EVERY[name])


def test_twenty_leads_and_more_come_through_the_real_doors() -> None:
    leads = [name for name, expected in EVERY.items() if any(e.outcome == "lead" for e in expected)]
    assert len(leads) >= 20


def test_digits_of_other_scripts_are_sent_as_people_write_them() -> None:
    iran = json.loads((EVENTS / "capture/overseas-iran.json").read_text())["body"]
    assert set("۰۱۲۳۴۵۶۷۸۹") & set(json.loads(iran)["phone"])


def test_every_function_has_a_good_and_a_broken_sample() -> None:
    for folder in sorted(set(EVENTS.iterdir()) - {EVENTS / "stories"}):
        cases = [path for path in folder.iterdir() if path.suffix in {".json", ".eml"}]
        assert len(cases) >= 2, folder.name
        for case in cases:
            read_expectation(case)


def _says(expected: Expectation, wanted: Mapping[str, Any]) -> bool:
    return all(_holds(getattr(expected, name, None), value) for name, value in wanted.items())


def _holds(said: object, wanted: object) -> bool:
    if isinstance(said, Mapping) and isinstance(wanted, Mapping):
        return wanted.items() <= said.items()
    return said == wanted
