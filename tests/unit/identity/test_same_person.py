import pytest

from leadloop.identity.same_person import ClaimHolder, PersonMatch, match_person, names_contradict
from leadloop.model.contact import Contact


def holder(lead_id: str, **contact: str) -> ClaimHolder:
    return ClaimHolder(lead_id=lead_id, contact=Contact.model_validate(contact))


def test_the_same_email_is_the_same_person_whatever_the_name() -> None:
    known = holder("L1", email="a@x.com", name="Anna Berg")
    assert match_person(Contact(email="a@x.com", name="Otto"), known, None).lead_id == "L1"


def test_a_phone_joins_somebody_without_an_email_to_somebody_with_one() -> None:
    known = holder("L1", phone="+491701234567", name="Anna Berg", email="a@x.com")
    match = match_person(Contact(phone="+491701234567", name="A. Berg"), None, known)
    assert match == PersonMatch(lead_id="L1", by="phone")


def test_two_emails_behind_one_phone_are_only_a_possible_match() -> None:
    known = holder("L1", phone="+491701234567", email="anna@x.com")
    new = Contact(phone="+491701234567", email="otto@x.com")
    assert match_person(new, None, known) == PersonMatch(possible=("L1",))


def test_a_household_phone_with_other_first_names_is_only_a_possible_match() -> None:
    known = holder("L1", phone="+491701234567", first_name="Anna", last_name="Schmidt")
    new = Contact(phone="+491701234567", first_name="Peter", last_name="Schmidt")
    assert match_person(new, None, known).possible == ("L1",)


def test_email_and_phone_of_two_leads_go_to_the_emails_and_the_other_is_possible() -> None:
    match = match_person(Contact(), holder("mail"), holder("phone"))
    assert match == PersonMatch(lead_id="mail", by="e-mail", possible=("phone",))


def test_email_and_phone_of_one_lead_are_no_puzzle() -> None:
    assert match_person(Contact(), holder("L1"), holder("L1")).possible == ()


@pytest.mark.parametrize(
    ("one", "other", "contradict"),
    [
        ("Anna Maria Schmidt", "Anna Schmidt", False),
        ("A. Schmidt", "Anna Schmidt", False),
        ("ŁUKASZ Żak", "Lukasz Zak", True),  # ł is a letter of its own, not an l with a mark
        ("Żaneta Müller", "Zaneta Muller", False),
        ("Nguyễn Thị Hoa", "nguyen thi hoa", False),
        ("Anna", "Peter", True),
        ("", "Peter", False),
        ("สมชาย ใจดี", "สมชาย", False),
    ],
)
def test_names_contradict_only_when_neither_is_a_form_of_the_other(
    one: str, other: str, contradict: bool
) -> None:
    assert names_contradict(Contact(name=one), Contact(name=other)) is contradict
    assert names_contradict(Contact(name=other), Contact(name=one)) is contradict
