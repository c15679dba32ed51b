"""What is stored of an event, and what is read of a stored one, by any code that there was."""

from datetime import UTC, datetime

import pytest

from leadloop.model.event import Event, Scalar
from leadloop.model.events.catalogue import (
    EVENT_CLASSES,
    EventDetails,
    build_event,
    fill_defaults,
)
from leadloop.model.events.leads import LeadCreated, LeadQualified, LeadScored
from leadloop.model.events.sales import LeadAccepted, OwnerChanged
from leadloop.model.events.stored_event import UnknownEvent, read_details
from leadloop.model.lead import Rating
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import Channel

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def stored(name: str, **data: Scalar) -> Event:
    """An event as the table has it."""
    return Event(id="T#0", name=name, occurred_at=AT, cause="T", lead_id="L", data=data)


def build(details: EventDetails) -> Event:
    return build_event(details, event_id="T#0", at=AT, cause="T", lead_id="L")


def test_what_an_event_says_by_its_name_is_not_stored() -> None:
    event = build(LeadQualified(total=55, threshold=50, stage_before=Stage.NEW))
    assert (event.name, event.data) == (
        "LeadQualified",
        {"total": 55, "threshold": 50, "stage_before": "new"},
    )
    assert all(type(value) in (int, str) for value in event.data.values())


def test_what_is_shown_has_all_fields() -> None:
    event = build(LeadQualified(total=55, threshold=50))
    assert fill_defaults(event).data == {
        "total": 55,
        "threshold": 50,
        "direct": False,
        "stage": "qualified",
        "stage_before": None,
    }


@pytest.mark.parametrize(
    "details",
    [
        LeadCreated(source="web", channel=Channel.FORM, product_line="pumps", campaign="spring"),
        LeadScored(total=5, fit=5),
        LeadScored(total=85, fit=65, rating=Rating.HOT),
        OwnerChanged(pool="dach", why="claimed", owner="jonas"),
    ],
)
def test_what_was_written_is_read_again(details: EventDetails) -> None:
    read = read_details(Event.model_validate_json(build(details).model_dump_json()))
    assert (type(read), read) == (type(details), details)


@pytest.mark.parametrize(
    ("event", "details"),
    [
        (
            stored("LeadQualified", total=55, threshold=50, direct=True),
            LeadQualified(total=55, threshold=50, direct=True),
        ),
        (
            stored("OwnerChanged", before=None, owner="jonas", pool="dach", why="claimed"),
            OwnerChanged(owner="jonas", pool="dach", why="claimed"),
        ),
        (
            stored("LeadAccepted", owner="jonas", pool="dach"),
            LeadAccepted(owner="jonas", pool="dach", stage=None),
        ),
        (
            stored("LeadCreated", source="web", channel="form"),
            LeadCreated(source="web", channel=Channel.FORM),
        ),
    ],
)
def test_what_earlier_code_stored_is_read(event: Event, details: EventDetails) -> None:
    assert read_details(event) == details
    assert event.data.items() <= fill_defaults(event).data.items()


@pytest.mark.parametrize(
    "event",
    [
        stored("LeadTeleported", where="mars"),
        stored("LeadScored", total="much", fit=3),  # no value of this field
        stored("LeadScored", model="b2b"),  # a field that is required is missing
    ],
)
def test_what_no_class_fits_is_kept_and_shown_as_it_is(event: Event) -> None:
    assert read_details(event) == UnknownEvent(event.name, event.data)
    assert event.data.items() <= fill_defaults(event).data.items()


def test_a_field_that_later_code_stored_stays_and_the_rest_is_read() -> None:
    event = stored("LeadScored", total=5, fit=5, rating="cold", colour="blue")
    assert read_details(event) == LeadScored(total=5, fit=5)
    assert fill_defaults(event).data["colour"] == "blue"


def test_every_class_says_when_it_happens_and_stores_scalars_only() -> None:
    for name, kind in EVENT_CLASSES.items():
        assert kind.__doc__, name
        assert "(" not in kind.__doc__.split()[0], f"{name} has no docstring of its own"
        assert type(fill_defaults(stored(name))) is Event


def test_a_misspelt_field_fails_at_the_type_check() -> None:
    # mypy reports an ignore that it does not need: so each of these is an error for it.
    with pytest.raises(TypeError):
        LeadScored(totel=5, fit=5)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        _ = LeadScored(total=5, fit=5).score  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        build("LeadScored")  # type: ignore[arg-type]
