import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leadloop.identity.merge import LeadDetails, merge_details
from leadloop.model.contact import Contact, Interest

T0 = datetime(2026, 1, 1, tzinfo=UTC)
value = st.sampled_from([None, "a", "b", "c"])
contacts = st.builds(
    Contact, first_name=value, last_name=value, company=value, postcode=value, city=value
)
interests = st.builds(Interest, product=value, budget=st.sampled_from([None, 0, 1]))
own = st.dictionaries(st.sampled_from(["head", "home"]), st.sampled_from(["a", "b"]))
inquiries = st.builds(LeadDetails, contact=contacts, interest=interests, fields=own)


def fold(arrived: list[tuple[datetime, LeadDetails]]) -> LeadDetails:
    founded, kept = arrived[0]
    for received, new in arrived[1:]:
        kept = merge_details(kept, founded, new, received)
    return kept


@given(st.lists(inquiries, min_size=1, max_size=4))
def test_any_order_of_arrival_ends_in_the_same(inquiries: list[LeadDetails]) -> None:
    received = [(T0 + timedelta(hours=n), inquiry) for n, inquiry in enumerate(inquiries)]
    ends = [fold(list(order)).but(since={}) for order in itertools.permutations(received)]
    assert all(end == ends[0] for end in ends)


def test_what_is_there_is_not_overwritten() -> None:
    kept = LeadDetails(contact=Contact(company="Berg AG", city="Köln"))
    new = LeadDetails(contact=Contact(company="Other", phone="+49"))
    merged = merge_details(kept, T0, new, T0 + timedelta(days=1))
    assert (merged.contact.company, merged.contact.phone) == ("Berg AG", "+49")


def test_a_first_name_is_not_joined_to_another_submissions_last_name() -> None:
    kept, new = (
        LeadDetails(contact=Contact(first_name="Anna")),
        LeadDetails(contact=Contact(last_name="Berg")),
    )
    assert merge_details(kept, T0, new, T0 + timedelta(days=1)).contact.last_name is None


def test_what_a_person_wrote_is_never_changed_by_a_submission() -> None:
    always = datetime.min.replace(tzinfo=UTC)
    kept = LeadDetails(contact=Contact(company="Right AG"), since={"company": always})
    merged = merge_details(
        kept, T0, LeadDetails(contact=Contact(company="x")), T0 - timedelta(days=900)
    )
    assert merged.contact.company == "Right AG"
