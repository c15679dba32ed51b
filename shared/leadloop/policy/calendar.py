"""Opening hours, leave and working time, in the local time of a time zone.

- Every datetime is aware and in UTC, in arguments and in results.
- Hours are what the clock on the wall shows. So when the clocks change, an hour may be open twice
  or not at all. Working minutes are those that really pass.
- The rules of a zone are those of the tzdata package, which is locked: the machine's own folder
  may be of any year. Nothing else imports zoneinfo, which would read that folder first.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from leadloop.model.base import Model

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
LOOK_AHEAD = 60 * DAY  # a week with opening hours opens long before that
LAST_RULES = (datetime(2100, 1, 1, tzinfo=UTC), datetime(2100, 7, 1, tzinfo=UTC))
FOREVER = date(9000, 1, 1)  # leave until then or later has no end


def _check_zone(name: str) -> str:
    if name not in _zone_names():
        raise PydanticCustomError("zone", "is no IANA time zone; write it like Europe/Berlin")
    return name


Zone = Annotated[str, AfterValidator(_check_zone)]
Span = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
Minutes = tuple[int, int]  # first and last minute of a span, counted from local midnight


class Week(Model):
    """Opening hours: `"09:00-17:00"` spans for each day, or `always`; neither: never open."""

    always: bool = False
    mon: tuple[Span, ...] = ()
    tue: tuple[Span, ...] = ()
    wed: tuple[Span, ...] = ()
    thu: tuple[Span, ...] = ()
    fri: tuple[Span, ...] = ()
    sat: tuple[Span, ...] = ()
    sun: tuple[Span, ...] = ()

    @model_validator(mode="after")
    def _check_spans(self) -> Self:
        if self.always and any(getattr(self, day) for day in DAYS):
            raise PydanticCustomError("week", "is open always, or by days: not both")
        for day in DAYS:
            ends = [minute for span in getattr(self, day) for minute in _minutes(span)]
            if ends != sorted(ends) or len(ends) != len(set(ends)):
                raise PydanticCustomError(
                    "week",
                    "{day}: spans go forward and do not touch; past midnight, write 22:00-24:00"
                    " and 00:00-06:00 on the next day",
                    {"day": day},
                )
        return self


class Leave(Model):
    """Away from the `first` to the `last` day, both included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.last < self.first:
            raise PydanticCustomError("leave", "ends before it begins")
        return self


@lru_cache(maxsize=1024)
def load_zone(name: str) -> ZoneInfo:
    """The zone with the rules of the tzdata package.

    Raises:
        KeyError: the package has no such zone.
    """
    if name not in _zone_names():
        raise KeyError(name)
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


def standard_offset(zone: str) -> timedelta | None:
    """The UTC offset outside summer time, by the last rules that are known; None: no zone."""
    if zone not in _zone_names():
        return None
    offsets = (at.astimezone(load_zone(zone)).utcoffset() for at in LAST_RULES)
    return min(offset for offset in offsets if offset is not None)


def local_date(zone: str, at: datetime) -> date:
    """The calendar day in `zone` at this moment."""
    return at.astimezone(load_zone(zone)).date()


def is_on_leave(leave: Collection[Leave], zone: str, at: datetime) -> bool:
    """Whether one of `leave` covers the local day of this moment."""
    return bool(leave) and _leave_of(leave, local_date(zone, at)) is not None


def is_open(week: Week, zone: str, at: datetime) -> bool:
    """Whether the local time in `zone` is within the opening hours."""
    if week.always:
        return True
    wall = at.astimezone(load_zone(zone))
    minute = wall.hour * 60 + wall.minute
    return any(begin <= minute < end for begin, end in _hours(week)[wall.weekday()])


def next_open(week: Week, zone: str, at: datetime) -> datetime | None:
    """`at` itself if it is open then, otherwise the next opening; None: never."""
    if week.always or is_open(week, zone, at):
        return at
    return next((begin for begin, _ in _open_spans(week, zone, at, ())), None)


def add_working_minutes(
    week: Week, zone: str, leave: Collection[Leave], start: datetime, minutes: float
) -> datetime | None:
    """The moment when `minutes` working minutes have passed since `start`; None: never.

    Zero minutes give the next open moment.
    """
    if week.always and not leave:
        return start + timedelta(minutes=minutes)
    remaining = timedelta(minutes=minutes)
    for begin, end in _open_spans(week, zone, start, leave):
        if remaining <= end - begin:
            return begin + remaining
        remaining -= end - begin
    return None


def _minutes(span: str) -> Minutes:
    begin, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in span.split("-"))
    return begin, end


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


@lru_cache(maxsize=256)
def _hours(week: Week) -> tuple[tuple[Minutes, ...], ...]:
    if week.always:
        return (((0, 24 * 60),),) * 7
    return tuple(tuple(_minutes(span) for span in getattr(week, day)) for day in DAYS)


def _leave_of(leave: Collection[Leave], day: date) -> Leave | None:
    return next((each for each in leave if each.first <= day <= each.last), None)


def _open_spans(
    week: Week, zone: str, start: datetime, leave: Collection[Leave]
) -> Iterator[tuple[datetime, datetime]]:
    """The open spans from `start` on, ascending; it ends after LOOK_AHEAD without one.

    The UTC offset does not change within a span.
    """
    hours = _hours(week)
    if not any(hours):
        return
    at, until = start, start + LOOK_AHEAD
    while at < until:
        day = local_date(zone, at)
        if current_leave := _leave_of(leave, day):
            if current_leave.last >= FOREVER:
                return
            at = _midnight_after(current_leave.last, zone)
            until = at + LOOK_AHEAD
            continue
        offset, offset_end = _find_offset_end(zone, at, day)
        midnight = datetime.combine(day, time(), tzinfo=UTC) - offset
        for begin, end in hours[day.weekday()]:
            opens = max(at, midnight + timedelta(minutes=begin))
            closes = min(offset_end, midnight + timedelta(minutes=end))
            if opens < closes:
                yield opens, closes
                until = closes + LOOK_AHEAD
        at = offset_end


def _midnight_after(day: date, zone: str) -> datetime:
    """The begin of the next day; if the clocks change at midnight, after the change."""
    midnight = datetime.combine(day + DAY, time(), tzinfo=load_zone(zone))
    return max(midnight.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def _find_offset_end(zone: str, at: datetime, day: date) -> tuple[timedelta, datetime]:
    """The UTC offset at `at`, and the moment when it or the local day ends, whichever is first."""
    tz = load_zone(zone)
    offset = at.astimezone(tz).utcoffset() or timedelta()
    end = datetime.combine(day, time(), tzinfo=UTC) + DAY - offset
    if end.astimezone(tz).utcoffset() == offset:
        return offset, end
    low, high = at, end  # the offset changes in between: search the second
    while high - low > SECOND:
        middle = low + (high - low) // 2
        same = middle.astimezone(tz).utcoffset() == offset
        low, high = (middle, high) if same else (low, middle)
    return offset, high.replace(microsecond=0)
