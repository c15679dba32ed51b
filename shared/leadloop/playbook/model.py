"""The playbook: every section, composed; immutable and versioned by its content."""

import re
from typing import Annotated

from pydantic import AfterValidator

from leadloop.consent.policy import ContactPolicy
from leadloop.content.policy import Offer, Template
from leadloop.insight.policy import SourceHealth
from leadloop.intake.policy import Source
from leadloop.model.base import Model
from leadloop.nurture.policy import Sequence
from leadloop.routing.policy import PoolPolicy, Routing
from leadloop.sales.policy import Lifecycle
from leadloop.scoring.policy import ScoreModel

LINE_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,39}")


def check_line_id(line: str) -> str:
    """The id of a product line, which is part of its leads' ids and of the headers of mails.

    Raises:
        ValueError: it is none.

    """
    if LINE_ID.fullmatch(line) is None:
        raise ValueError("letters A to Z, digits, `_`, `-` and `.`; at most 40 of them")
    return line


LineId = Annotated[str, AfterValidator(check_line_id)]


class ProductLine(Model):
    """`business`: sold to companies, so that no company is a minus only here."""

    id: LineId
    name: str
    business: bool
    currency: str


class Company(Model):
    """Who we are. `sender` is the From address; `drop_domain` takes the vendors' mail.

    `shared_contacts` are role and relay addresses and switchboards that claim nothing: e-mail
    local parts (`info`), domains (`@relay.example`) and phones in E.164.
    """

    name: str
    sender: str
    drop_domain: str
    language: str
    postal_address: str
    product_lines: tuple[ProductLine, ...]
    shared_contacts: tuple[str, ...] = ()


class Playbook(Model):
    """`version` is the first 12 hex digits of the content's sha256; two equal ones are the same."""

    version: str
    company: Company
    sources: dict[str, Source]
    scores: dict[str, ScoreModel]  # by product line
    routing: Routing
    pools: dict[str, PoolPolicy]
    sequences: dict[str, Sequence]
    templates: dict[str, Template]
    offers: dict[str, Offer] = {}
    health: dict[str, SourceHealth] = {}
    lifecycle: Lifecycle
    contact: ContactPolicy
