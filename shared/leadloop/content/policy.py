"""What we say and what we give: the templates, per language, and the offers of the playbook."""

from abc import abstractmethod
from typing import Annotated, Literal

from pydantic import Field

from leadloop.model.base import Model


class Text(Model):
    """Subject and plain-text body, both Liquid; the HTML part is made from the body."""

    subject: str
    body: str


class Template(Model):
    """`texts` by language; the company's default language must be among them."""

    id: str
    texts: dict[str, Text]


class OfferBase(Model):
    """What a form promises by its `offer`; `template` brings it.

    Nobody gets what is of value before the address has said yes: the template `confirmation` asks
    it, by `confirm_url`. In an hour no more than `form_hour` requests of a form are asked about,
    and `network_hour` of a network (/24, /48).
    """

    id: str
    template: str
    confirmation: str = "offer_confirmation"
    form_hour: int = Field(default=20, gt=0)
    network_hour: int = Field(default=5, gt=0)

    @property
    def needs_confirmation(self) -> bool:
        """Whether it is of value."""
        return True


class DownloadOffer(OfferBase):
    """A file of the playbook's `assets/`, by a link of the person's own that is good for `days`.

    With `of_value` (default: no) it is a gift, and the address is asked first.
    """

    kind: Literal["download"]
    file: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    days: float = Field(default=14, gt=0)
    of_value: bool = False

    @property
    def needs_confirmation(self) -> bool:
        """Whether the playbook calls the file a gift."""
        return self.of_value


class PoolOffer(OfferBase):
    """What there are only so many of. When none is left `none_left` says so to who asks.

    The operators are told when no more than `low` are left, and when none is.
    """

    none_left: str | None = None
    low: int = Field(default=0, ge=0)

    @property
    @abstractmethod
    def entries(self) -> int:
        """How many there are in all, given or not."""


class CodeOffer(PoolOffer):
    """Each person one code, in this order. New ones are added at the end; none is ever moved."""

    kind: Literal["code"]
    codes: tuple[str, ...] = Field(min_length=1)

    @property
    def entries(self) -> int:
        """One per code."""
        return len(self.codes)


class SeatOffer(PoolOffer):
    """As many places as there are `seats`."""

    kind: Literal["seat"]
    seats: int = Field(gt=0)

    @property
    def entries(self) -> int:
        """One per seat."""
        return self.seats


Offer = Annotated[DownloadOffer | CodeOffer | SeatOffer, Field(discriminator="kind")]
