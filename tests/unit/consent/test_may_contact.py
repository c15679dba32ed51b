from datetime import UTC, datetime, timedelta
from typing import Any

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadloop.consent.may_contact import SendAllowed, may_contact
from leadloop.consent.policy import ContactPolicy
from leadloop.consent.time_zones import country_of, zones_of
from leadloop.model.contact import Contact
from leadloop.model.decision import DropDelivery, Hold
from leadloop.model.delivery import Purpose
from leadloop.model.submission import ConsentRecord
from leadloop.policy.calendar import is_open, load_zone

DAILY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYTIME = {day: ["08:00-21:00"] for day in DAILY}
POLICY = ContactPolicy.model_validate(
    {
        "most": 2,
        "per_days": 7,
        "marketing_purpose": "marketing",
        "windows": [
            {"countries": ["US"], "zone": "America/New_York", "week": DAYTIME, "source": "test"},
            {"countries": ["DE"], "zone": "Europe/Berlin", "week": DAYTIME, "source": "test"},
            {"zone": "Europe/London", "week": {"tue": ["10:00-11:00"]}, "source": "test"},
        ],
    }
)
YES = ConsentRecord(
    purposes=("contact", "marketing"), text_version="3", at=datetime(2026, 1, 1, tzinfo=UTC)
)
DENVER = Contact(email="ann@customer.example", phone="+13035551234", country="US")
BERLIN = Contact(email="jana@customer.example", country="DE")
NOON = datetime(2026, 6, 3, 18, tzinfo=UTC)  # a Wednesday, noon in Denver, 20:00 in Berlin


def ask(
    contact: Contact = DENVER, now: datetime = NOON, **changes: Any
) -> SendAllowed | Hold | DropDelivery:
    facts: dict[str, Any] = {"stops": (), "consents": (YES,), "sends": (), **changes}
    policy = facts.pop("policy", POLICY)
    purpose = facts.pop("purpose", Purpose.NURTURE)
    return may_contact(purpose, contact, policy, now, **facts)


def utc(zone: str, *when: int) -> datetime:
    return datetime(*when, tzinfo=load_zone(zone)).astimezone(UTC)  # type: ignore[misc,arg-type]


def test_with_consent_at_a_good_hour_we_speak() -> None:
    assert ask() == SendAllowed()


@pytest.mark.parametrize("stops", [("marketing",), ("all",), ("marketing", "all")])
def test_a_stop_drops_whatever_else_holds(stops: tuple[str, ...]) -> None:
    assert isinstance(ask(stops=stops), DropDelivery)


def test_an_alert_to_a_rep_asks_nothing_of_the_person() -> None:
    assert ask(purpose=Purpose.REP_ALERT, stops=("all",), consents=()) == SendAllowed()


@pytest.mark.parametrize(
    ("stops", "sends", "told"),
    [
        ((), (), True),
        (("marketing",), (), True),
        (("all",), (), False),
        ((), (NOON - timedelta(hours=23),), False),
        ((), (NOON - timedelta(hours=24),), True),
    ],
)
def test_an_automatic_answer_minds_a_full_stop_and_the_day(
    stops: tuple[str, ...], sends: tuple[datetime, ...], told: bool
) -> None:
    asked = ask(purpose=Purpose.AUTO_RESPONSE, stops=stops, sends=sends, consents=())
    assert isinstance(asked, SendAllowed if told else DropDelivery)


@pytest.mark.parametrize("consents", [(), (YES.but(purposes=("contact",)),)])
def test_without_a_consent_to_marketing_nothing_is_said(consents: tuple[ConsentRecord]) -> None:
    assert ask(consents=consents) == DropDelivery(why="no consent to marketing")


def test_a_third_message_within_a_week_waits_until_the_first_is_a_week_old() -> None:
    first = NOON - timedelta(days=3)
    answer = ask(sends=(first, NOON - timedelta(days=1)))
    assert answer == Hold(until=first + timedelta(days=7), why="at most 2 messages in 7 days")


def test_a_limit_that_ends_at_night_waits_for_the_morning_after() -> None:
    first = utc("America/Denver", 2026, 6, 1, 23, 30)
    answer = ask(sends=(first, first))
    assert isinstance(answer, Hold)
    assert answer.until == utc("America/Denver", 2026, 6, 9, 8)


def test_a_limit_of_none_drops() -> None:
    assert isinstance(ask(policy=POLICY.but(most=0)), DropDelivery)


def test_at_night_it_waits_for_the_persons_own_morning_and_not_the_windows() -> None:
    night = utc("America/Denver", 2026, 6, 3, 7, 59)  # 9:59 in New York
    assert ask(now=night) == Hold(
        until=utc("America/Denver", 2026, 6, 3, 8), why="outside the contact window of US"
    )


def test_what_could_only_be_said_too_late_is_dropped_at_once() -> None:
    night = utc("America/Denver", 2026, 6, 3, 2)
    assert isinstance(ask(now=night, not_after=night + timedelta(hours=5)), DropDelivery)
    assert isinstance(ask(now=night, not_after=night + timedelta(hours=6)), Hold)


def test_a_country_without_a_window_of_its_own_has_the_one_of_all_others() -> None:
    poland = Contact(email="ala@customer.example", country="PL")
    answer = ask(poland)
    assert isinstance(answer, Hold)
    assert answer.until == utc("Europe/Warsaw", 2026, 6, 9, 10)
    assert answer.why == "outside the contact window of other countries"


def test_no_window_at_all_is_no_bound() -> None:
    assert ask(now=NOON + timedelta(hours=12), policy=POLICY.but(windows=())) == SendAllowed()


def test_a_window_that_never_opens_drops() -> None:
    never = POLICY.windows[2].but(week=POLICY.windows[2].week.but(tue=()))
    assert isinstance(ask(policy=POLICY.but(windows=(never,))), DropDelivery)


@pytest.mark.parametrize(
    ("last_night", "morning"),
    [
        (utc("Europe/Berlin", 2026, 3, 28, 21, 30), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        (utc("Europe/Berlin", 2026, 10, 24, 21, 30), datetime(2026, 10, 25, 7, tzinfo=UTC)),
    ],
)
def test_over_a_clock_change_the_morning_is_eight_on_the_wall(
    last_night: datetime, morning: datetime
) -> None:
    assert ask(BERLIN, last_night) == Hold(until=morning, why="outside the contact window of DE")
    assert ask(BERLIN, morning) == SendAllowed()
    assert isinstance(ask(BERLIN, morning - timedelta(seconds=1)), Hold)


@pytest.mark.parametrize(
    ("evening", "answer"),
    [
        (datetime(2026, 3, 28, 19, 59, 59, tzinfo=UTC), SendAllowed),  # 20:59:59 in winter
        (datetime(2026, 3, 28, 20, tzinfo=UTC), Hold),
        (datetime(2026, 3, 29, 18, 59, 59, tzinfo=UTC), SendAllowed),  # 20:59:59 in summer
        (datetime(2026, 3, 29, 19, tzinfo=UTC), Hold),
    ],
)
def test_over_a_clock_change_the_evening_is_nine_on_the_wall(
    evening: datetime, answer: type[SendAllowed | Hold]
) -> None:
    assert isinstance(ask(BERLIN, evening), answer)


def test_where_the_zone_is_not_sure_it_is_a_good_hour_in_all_of_them() -> None:
    somewhere = Contact(email="ann@customer.example", country="US")
    answer = ask(somewhere, utc("America/New_York", 2026, 6, 3, 9))
    assert isinstance(answer, Hold)
    assert answer.until == utc("Pacific/Honolulu", 2026, 6, 3, 8)


def test_where_no_hour_is_good_in_all_zones_the_windows_own_zone_decides() -> None:
    short = POLICY.windows[0].but(
        week=POLICY.windows[1].week.model_validate({day: ["09:00-10:00"] for day in DAILY})
    )
    somewhere = Contact(email="ann@customer.example", country="US")
    answer = ask(somewhere, policy=POLICY.but(windows=(short,)))
    assert isinstance(answer, Hold)
    assert answer.until == utc("America/New_York", 2026, 6, 4, 9)


@settings(deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - UTC below
    st.sampled_from([DENVER, BERLIN, Contact(country="US"), Contact(phone="+79161234567")]),
    st.lists(st.floats(0, 20), max_size=5),
)
def test_a_hold_ends_at_a_moment_when_we_may_speak_and_never_in_the_past(
    moment: datetime, contact: Contact, days_ago: list[float]
) -> None:
    now = moment.replace(tzinfo=UTC)
    sends = tuple(now - timedelta(days=ago) for ago in days_ago)
    answer = ask(contact, now, sends=sends)
    assert not isinstance(answer, DropDelivery)
    if isinstance(answer, Hold):
        assert answer.until > now
        assert ask(contact, answer.until, sends=sends) == SendAllowed()
    elif contact.country == "US":
        zones = zones_of(contact)
        assert all(is_open(POLICY.windows[0].week, zone, now) for zone in zones)


@pytest.mark.parametrize(
    ("contact", "zones"),
    [
        (Contact(phone="+13035551234"), ("America/Denver",)),
        (Contact(phone="+13035551234", country="DE"), ("America/Denver",)),
        (Contact(country="TH"), ("Asia/Bangkok",)),
        (Contact(country="PL", phone="12345"), ("Europe/Warsaw",)),
        (Contact(country="ZZ"), ()),
        (Contact(), ()),
    ],
)
def test_zones_come_from_the_phone_else_from_the_country(
    contact: Contact, zones: tuple[str, ...]
) -> None:
    assert zones_of(contact) == zones


@pytest.mark.parametrize(
    ("phone", "zones"),
    [
        ("+213661234567", {"Africa/Algiers"}),  # the table of the library says Paris
        ("+218911234567", {"Africa/Tripoli"}),  # Bucharest
        ("+212522123456", {"Africa/Casablanca"}),  # the Canaries
        ("+50522681234", {"America/Managua"}),  # Chicago
        ("+211912345678", {"Africa/Juba"}),  # Nairobi, of another offset
        ("+74012987654", {"Europe/Kaliningrad"}),  # Bucharest
        ("+919812345678", {"Asia/Kolkata"}),
    ],
)
def test_the_zones_of_a_number_are_those_of_its_country(phone: str, zones: set[str]) -> None:
    assert set(zones_of(Contact(phone=phone))) == zones


@pytest.mark.parametrize(
    ("phone", "among"),
    [
        ("+79261234567", {"Europe/Kaliningrad", "Europe/Moscow", "Asia/Kamchatka"}),
        ("+529981234567", {"America/Cancun"}),  # the library says New York
        ("+525512345678", {"America/Mexico_City"}),
    ],
)
def test_a_foreign_zone_stands_for_those_of_the_same_offset_at_home(
    phone: str, among: set[str]
) -> None:
    assert among <= set(zones_of(Contact(phone=phone)))


@pytest.mark.parametrize("country", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_no_country_has_zones_of_another(country: str) -> None:
    number = phonenumbers.example_number(country) or phonenumbers.PhoneNumber()
    phone = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    zones = set(zones_of(Contact(phone=phone)))
    own = set(zones_of(Contact(country=country_of(Contact(phone=phone)))))
    assert zones <= own or not own
    assert zones


def test_a_free_number_stays_in_its_country() -> None:
    zones = zones_of(Contact(phone="+18005551234"))
    assert "America/New_York" in zones
    assert "America/Jamaica" not in zones


def test_the_country_given_goes_before_the_phones() -> None:
    assert country_of(Contact(country="DE", phone="+13035551234")) == "DE"
    assert country_of(Contact(phone="+13035551234")) == "US"
    assert country_of(Contact(phone="not a number")) is None
