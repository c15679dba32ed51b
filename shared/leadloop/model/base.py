"""The one base of every model: frozen, and closed to fields nobody declared."""

from datetime import UTC, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

# What somebody may ask of: beyond it a moment has no UTC, or a year of no four digits.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Moment = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]


class Model(BaseModel):
    """Base of the domain's types; a changed copy is made with `but`."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64"
    )

    def but(self, **changes: object) -> Self:
        """A copy with `changes`; the values are trusted, not validated again."""
        return self.model_copy(update=changes)


class Reason(Model):
    """Why something came out as it did: `code` for machines, `text` in plain words.

    Where it can be mended in one `field`, that is named as its sender named it.
    """

    code: str
    text: str
    field: str | None = None
