"""The base of every model: frozen, and without fields that are not declared."""

import re
from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

# Digits alone: a Unix time has ten of them since 2001, thirteen in milliseconds.
DIGITS_ALONE = re.compile(r"[+-]?\d{1,40}(\.\d{0,40})?")
UNIX_TIME = re.compile(r"(\d{10}|\d{13})(\.\d{0,40})?")
CALENDAR_HOUR = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])")


def _check_no_calendar(value: object) -> object:
    """The value itself. pydantic takes digits for a Unix time: 20260106 for a day of 1970."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = str(value) if is_number else value
    if not isinstance(text, str) or not DIGITS_ALONE.fullmatch(text):
        return value
    if UNIX_TIME.fullmatch(text) and not CALENDAR_HOUR.fullmatch(text.partition(".")[0]):
        return value
    raise PydanticCustomError("moment", "is no moment; write it like 2026-01-06T09:00:00Z")


# The moments a caller may name. Beyond them one may have no UTC, or a year without four digits.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Moment = Annotated[
    AwareDatetime, BeforeValidator(_check_no_calendar), Field(ge=EARLIEST, le=LATEST)
]
# A moment that a caller may also name without a zone.
CallerMoment = Annotated[datetime, BeforeValidator(_check_no_calendar)]


class Model(BaseModel):
    """Base of the domain's types; `but` makes a changed copy."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64"
    )

    def but(self, **changes: object) -> Self:
        """A copy with `changes`, by field name. The values are trusted and not validated again."""
        return self.model_copy(update=changes)


class Reason(Model):
    """Why an outcome is what it is: `code` for machines, `text` for people.

    `field` is set if one field is at fault; it has the name that the sender gave it.
    """

    code: str
    text: str
    field: str | None = None
