import zoneinfo
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from leadloop.policy.calendar import (
    Leave,
    Week,
    Zone,
    add_working_minutes,
    is_on_leave,
    is_open,
    load_zone,
    local_date,
    next_open,
)

OFFICE = Week(**dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",)))  # type: ignore[arg-type]
ALWAYS = Week(always=True)
NEVER = Week()
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_hours_are_those_of_the_clock_on_the_wall() -> None:
    assert is_open(OFFICE, "Europe/Berlin", utc("2026-01-05T08:00"))  # Monday, 9:00 in winter
    assert not is_open(OFFICE, "Europe/Berlin", utc("2026-01-05T07:59"))
    assert is_open(OFFICE, "Europe/Berlin", utc("2026-07-06T07:00"))  # Monday, 9:00 in summer
    assert not is_open(OFFICE, "Europe/Berlin", utc("2026-07-06T15:00"))  # 17:00 is closed
    assert is_open(OFFICE, "Asia/Bangkok", utc("2026-01-05T02:00"))
    assert is_open(OFFICE, "Asia/Kolkata", utc("2026-01-05T03:30"))
    assert not is_open(OFFICE, "Europe/Berlin", utc("2026-01-04T10:00"))  # Sunday


def test_it_opens_on_monday_morning_after_a_friday_evening() -> None:
    assert next_open(OFFICE, "Europe/Berlin", utc("2026-01-02T20:00")) == utc("2026-01-05T08:00")
    inside = utc("2026-01-05T12:34:56")
    assert next_open(OFFICE, "Europe/Berlin", inside) == inside


def test_what_never_opens_has_no_next() -> None:
    now = utc("2026-01-05T08:00")
    assert next_open(NEVER, "Europe/Berlin", now) is None
    assert add_working_minutes(NEVER, "Europe/Berlin", (), now, 1) is None
    assert not is_open(NEVER, "Europe/Berlin", now)


def test_always_is_always() -> None:
    night = utc("2026-03-29T01:00")
    assert is_open(ALWAYS, "Europe/Berlin", night)
    assert next_open(ALWAYS, "Europe/Berlin", night) == night
    assert add_working_minutes(ALWAYS, "Europe/Berlin", (), night, 90) == night + 90 * MINUTE


def test_working_time_skips_the_weekend_and_leave() -> None:
    thursday = utc("2026-01-08T15:30")  # 16:30 in Berlin
    assert add_working_minutes(OFFICE, "Europe/Berlin", (), thursday, 30) == utc("2026-01-08T16:00")
    assert add_working_minutes(OFFICE, "Europe/Berlin", (), thursday, 31) == utc("2026-01-09T08:01")
    friday_off = (Leave(first=date(2026, 1, 9), last=date(2026, 1, 9)),)
    assert add_working_minutes(OFFICE, "Europe/Berlin", friday_off, thursday, 31) == utc(
        "2026-01-12T08:01"
    )


def test_leave_until_2099_is_waited_for_and_leave_for_ever_is_not() -> None:
    now = utc("2026-01-05T08:00")
    long = (Leave(first=date(2020, 1, 1), last=date(2099, 12, 31)),)
    assert add_working_minutes(ALWAYS, "Europe/Berlin", long, now, 1) == utc("2099-12-31T23:01")
    ever = (Leave(first=date(2020, 1, 1), last=date.max),)
    assert add_working_minutes(ALWAYS, "Europe/Berlin", ever, now, 1) is None


def test_leave_is_of_local_days_both_ends_included() -> None:
    leave = (Leave(first=date(2026, 5, 4), last=date(2026, 5, 5)),)
    assert not is_on_leave(leave, "America/New_York", utc("2026-05-04T03:59"))
    assert is_on_leave(leave, "America/New_York", utc("2026-05-04T04:00"))
    assert is_on_leave(leave, "America/New_York", utc("2026-05-06T03:59"))
    assert not is_on_leave(leave, "America/New_York", utc("2026-05-06T04:00"))
    assert not is_on_leave((), "America/New_York", utc("2026-05-04T04:00"))


def test_the_local_date_is_not_the_utc_date() -> None:
    assert local_date("Asia/Tokyo", utc("2026-01-01T15:00")) == date(2026, 1, 2)
    assert local_date("America/Denver", utc("2026-01-01T06:59")) == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("zone", "opens"),
    [
        ("America/Winnipeg", "2026-12-07T14:00"),  # UTC-5 for good since autumn 2026
        ("America/Edmonton", "2026-12-07T15:00"),
        ("Africa/Casablanca", "2026-12-07T09:00"),
        ("Europe/Berlin", "2026-12-07T08:00"),
    ],
)
@pytest.mark.parametrize("path", [(), ("/usr/share/zoneinfo",), ("/nowhere",)])
def test_the_rules_are_those_of_the_package_whatever_the_machine_has(
    path: tuple[str, ...], zone: str, opens: str
) -> None:
    with machine_rules(path):
        assert next_open(OFFICE, zone, utc("2026-12-07T04:00")) == utc(opens)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Tokyo", "America/Denver"])
@pytest.mark.parametrize("moment", ["2026-12-07T04:00", "2011-07-01T20:00", "2031-03-30T00:59"])
def test_a_machine_with_rules_of_its_own_changes_no_hour(
    moment: str, zone: str, tmp_path: Path
) -> None:
    def ask() -> tuple[object, ...]:
        at = utc(moment)
        due = add_working_minutes(OFFICE, zone, (), at, 90)
        return local_date(zone, at), is_open(OFFICE, zone, at), next_open(OFFICE, zone, at), due

    expected = ask()
    (tmp_path / zone).parent.mkdir()
    other = files("tzdata").joinpath("zoneinfo", "Pacific", "Kiritimati").read_bytes()
    (tmp_path / zone).write_bytes(other)
    with machine_rules((str(tmp_path),)):
        assert ask() == expected


@contextmanager
def machine_rules(path: Sequence[str]) -> Iterator[None]:
    """As on a machine whose zone rules stand in `path`."""
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(path)
    zoneinfo.ZoneInfo.clear_cache()
    load_zone.cache_clear()
    try:
        yield
    finally:
        zoneinfo.reset_tzpath(before)
        zoneinfo.ZoneInfo.clear_cache()
        load_zone.cache_clear()


def test_each_zone_of_the_package_is_known() -> None:
    names = files("tzdata").joinpath("zones").read_text("utf-8").split()
    assert len(names) > 500
    for name in names:
        assert TypeAdapter(Zone).validate_python(name) == name


NIGHT = Week(sun=("01:00-04:00",))
SPRING, AUTUMN = "2026-03-29", "2026-10-25"  # both Sundays, in Berlin


def test_an_hour_that_does_not_exist_is_not_worked() -> None:
    # 01:00-02:00, then the clock jumps to 03:00: two hours really pass until 04:00.
    begin = utc("2026-03-29T00:00")
    assert add_working_minutes(NIGHT, "Europe/Berlin", (), begin, 120) == utc("2026-03-29T02:00")
    assert not is_open(NIGHT, "Europe/Berlin", utc("2026-03-29T02:00"))


def test_an_hour_that_comes_twice_is_worked_twice() -> None:
    begin = utc("2026-10-24T23:00")
    assert add_working_minutes(NIGHT, "Europe/Berlin", (), begin, 240) == utc("2026-10-25T03:00")


def test_an_opening_inside_the_gap_opens_when_the_clock_has_jumped() -> None:
    week = Week(sun=("02:30-05:00",))
    assert next_open(week, "Europe/Berlin", utc("2026-03-28T12:00")) == utc("2026-03-29T01:00")


def test_an_opening_inside_the_repeated_hour_opens_twice() -> None:
    week = Week(sun=("02:15-02:45",))
    zone = "Europe/Berlin"
    assert next_open(week, zone, utc("2026-10-25T00:00")) == utc("2026-10-25T00:15")
    assert next_open(week, zone, utc("2026-10-25T00:45")) == utc("2026-10-25T01:15")
    assert next_open(week, zone, utc("2026-10-25T01:45")) == utc("2026-11-01T01:15")


@pytest.mark.parametrize(
    "broken",
    [
        {"mon": ["9:00-17:00"]},
        {"mon": ["09:00-25:00"]},
        {"mon": ["22:00-06:00"]},
        {"mon": ["09:00-09:00"]},
        {"mon": ["13:00-17:00", "09:00-12:00"]},
        {"mon": ["09:00-12:00", "12:00-17:00"]},
        {"mon": ["09:00-13:00", "12:00-17:00"]},
        {"always": True, "mon": ["09:00-17:00"]},
        {"monday": ["09:00-17:00"]},
    ],
)
def test_hours_that_are_none_are_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Week.model_validate(broken)


def test_leave_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValidationError):
        Leave(first=date(2026, 1, 2), last=date(2026, 1, 1))


@pytest.mark.parametrize("name", ["Berlin", "", "../etc/passwd", "Europe", "Europe/Atlantis"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Zone).validate_python(name)


# The oracle goes minute by minute over the wall clock, as slowly as one can; hours and clock
# changes since 2012 lie on whole minutes. Half-hour changes, changes at midnight, a zone that
# hides a whole day's name (Apia moved in 2011) and southern summers are among these.
ZONES = st.sampled_from(
    ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut",
     "Asia/Tehran", "Africa/Casablanca", "America/Santiago", "Asia/Kathmandu", "UTC"]
)  # fmt: skip
SPANS = st.lists(st.integers(0, 96), min_size=0, max_size=6, unique=True).map(
    lambda quarters: tuple(
        f"{begin // 4:02}:{begin % 4 * 15:02}-{end // 4:02}:{end % 4 * 15:02}"
        for begin, end in zip(*[iter(sorted(quarters))] * 2, strict=False)
    )
)
WEEKS = st.one_of(
    st.builds(Week, mon=SPANS, tue=SPANS, wed=SPANS, thu=SPANS, fri=SPANS, sat=SPANS, sun=SPANS),
    SPANS.map(lambda spans: Week(sat=spans, sun=spans)),
    st.just(ALWAYS),
)


def near_changes(zone: str) -> st.SearchStrategy[datetime]:
    changes = [at for year in (2012, 2023, 2026) for at in _changes(zone, year)] or [
        utc("2026-01-01T00:00")
    ]
    return st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from(changes),
        st.integers(-26 * 60, 3 * 60),
    )


def _changes(zone: str, year: int) -> list[datetime]:
    tz, hours = load_zone(zone), [
        datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(365 * 24)
    ]  # fmt: skip
    offsets = [at.astimezone(tz).utcoffset() for at in hours]
    return [hours[n] for n in range(1, len(hours)) if offsets[n] != offsets[n - 1]]


CHANGES = {name: near_changes(name) for name in ZONES.elements}  # type: ignore[attr-defined]
STARTS = ZONES.flatmap(lambda zone: st.tuples(st.just(zone), CHANGES[zone]))


def worked(week: Week, zone: str, leave: tuple[Leave, ...], at: datetime) -> bool:
    wall = at.astimezone(load_zone(zone))
    spans = getattr(week, ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[wall.weekday()])
    clock = f"{wall:%H:%M}"
    is_in = any(span[:5] <= clock < span[6:] for span in spans) or week.always
    return is_in and not any(each.first <= wall.date() <= each.last for each in leave)


@given(week=WEEKS, place=STARTS)
def test_next_open_agrees_with_the_wall_clock(week: Week, place: tuple[str, datetime]) -> None:
    zone, start = place
    minutes = (start + n * MINUTE for n in range(3 * 24 * 60))
    expected = next((at for at in minutes if worked(week, zone, (), at)), None)
    found = next_open(week, zone, start)
    if expected is None:
        assert found is None or found >= start + timedelta(days=3)
    else:
        assert found == expected
        assert is_open(week, zone, expected)


@given(week=WEEKS, place=STARTS, minutes=st.integers(1, 1200), off=st.integers(-1, 3))
def test_working_minutes_agree_with_the_wall_clock(
    week: Week, place: tuple[str, datetime], minutes: int, off: int
) -> None:
    zone, start = place
    day = local_date(zone, start) + timedelta(days=off)
    leave = (Leave(first=day, last=day),) if off < 3 else ()
    rest, at = minutes, start
    while rest and at < start + timedelta(days=4):
        rest -= worked(week, zone, leave, at)
        at += MINUTE
    found = add_working_minutes(week, zone, leave, start, minutes)
    if rest:
        assert found is None or found > at
    else:
        assert found == at


@given(
    week=WEEKS,
    place=STARTS,
    first=st.integers(1, 5000),
    more=st.integers(1, 5000),
)
def test_working_time_adds_up(
    week: Week, place: tuple[str, datetime], first: int, more: int
) -> None:
    zone, start = place
    half = add_working_minutes(week, zone, (), start, first)
    whole = add_working_minutes(week, zone, (), start, first + more)
    if half is not None:
        assert add_working_minutes(week, zone, (), half, more) == whole
