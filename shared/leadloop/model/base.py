"""The base of every model: frozen, and without fields that are not declared."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

# The moments a caller may name. Beyond them one may have no UTC, or a year without four digits.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Moment = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]


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
