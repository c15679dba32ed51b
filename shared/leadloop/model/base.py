"""The one base of every model: frozen, and closed to fields nobody declared."""

from typing import Self

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Base of the domain's types; a changed copy is made with `but`."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64"
    )

    def but(self, **changes: object) -> Self:
        """A copy with `changes`; the values are trusted, not validated again."""
        return self.model_copy(update=changes)


class Reason(Model):
    """Why something came out as it did: `code` for machines, `text` in plain words."""

    code: str
    text: str


class Fault(Reason):
    """A reason that can be mended in one field, named as its sender named it."""

    field: str
