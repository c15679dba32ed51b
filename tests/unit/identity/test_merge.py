import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leadloop.identity.merge import merge
from leadloop.model.contact import Contact

T0 = datetime(2026, 1, 1, tzinfo=UTC)
value = st.sampled_from([None, "a", "b", "c"])
contacts = st.builds(
    Contact, first_name=value, last_name=value, company=value, postcode=value, city=value
)


def fold(arrived: list[tuple[datetime, Contact]]) -> Contact:
    (founded, kept), since = arrived[0], dict[str, datetime]()
    for received, contact in arrived[1:]:
        merged = merge(kept, since, founded, contact, received)
        kept, since = merged.contact, merged.since
    return kept


@given(st.lists(contacts, min_size=1, max_size=4))
def test_any_order_of_arrival_ends_in_the_same_contact(submissions: list[Contact]) -> None:
    received = [(T0 + timedelta(hours=n), contact) for n, contact in enumerate(submissions)]
    ends = {fold(list(order)).model_dump_json() for order in itertools.permutations(received)}
    assert len(ends) == 1


def test_what_is_there_is_not_overwritten() -> None:
    kept = Contact(company="Berg AG", city="Köln")
    merged = merge(kept, {}, T0, Contact(company="Other", phone="+49"), T0 + timedelta(days=1))
    assert (merged.contact.company, merged.contact.phone) == ("Berg AG", "+49")


def test_a_first_name_is_not_joined_to_another_submissions_last_name() -> None:
    merged = merge(
        Contact(first_name="Anna"), {}, T0, Contact(last_name="Berg"), T0 + timedelta(days=1)
    )
    assert merged.contact.last_name is None


def test_what_a_person_wrote_is_never_changed_by_a_submission() -> None:
    always = datetime.min.replace(tzinfo=UTC)
    kept = Contact(company="Right AG")
    merged = merge(kept, {"company": always}, T0, Contact(company="x"), T0 - timedelta(days=900))
    assert merged.contact.company == "Right AG"
