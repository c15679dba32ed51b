"""A vendor's row is whole: its format is known, and what must be fetched can be fetched."""

from typing import get_args

import pytest

from leadloop.intake.public_sources import WebhookFormat
from leadloop.intake.webhook_signatures import STANDARD_SIGNATURE, HeaderKey
from leadloop.intake.webhooks.registry import VENDORS, proof_of
from leadloop.providers.checks import VENDOR_APIS
from tests.unit.intake.webhooks.posts import build_source


def test_every_format_of_a_source_has_a_vendor_and_every_vendor_a_format() -> None:
    assert list(VENDORS) == list(get_args(WebhookFormat))


@pytest.mark.parametrize("name", VENDORS)
def test_a_vendor_whose_posts_only_name_leads_has_an_api_that_fetches_them(name: str) -> None:
    api = VENDOR_APIS.get(name)
    can_fetch = api is not None and api.fetch_lead is not None
    assert can_fetch == (VENDORS[name].read_fetched_lead is not None)


def test_every_api_is_a_vendors() -> None:
    assert VENDOR_APIS.keys() <= VENDORS.keys()


def test_a_sources_own_proof_goes_before_its_vendors() -> None:
    own = {"by": "header", "header": "x-key"}
    assert proof_of(build_source("json")) == STANDARD_SIGNATURE
    assert proof_of(build_source("json", proof=own)) == HeaderKey(by="header", header="x-key")
