"""Tags of a campaign as links really carry them."""

import json
from pathlib import Path
from typing import Any

import pytest

from leadloop.intake.fields.attribution import address_tags

PAGE = "https://acme.example/pumpen"


ADDRESSES = json.loads(Path(__file__).with_name("campaign_addresses.json").read_text("utf-8"))


@pytest.mark.parametrize("row", ADDRESSES, ids=[row["address"] for row in ADDRESSES])
def test_tags_are_read_wherever_they_stand_in_the_address(row: dict[str, Any]) -> None:
    """The form's script reads the same table: see the tests of the browser."""
    assert address_tags(f"https://acme.example{row['address']}") == row["tags"]


@pytest.mark.parametrize(
    "macro",
    ["{campaignid}", "%7Bkeyword%7D", "{{ad.name}}", "__CAMPAIGN_NAME__", "*%7CCAMPAIGN%7C*",
     "%25%25CAMPAIGN%25%25", "[campaign]", "${id}", ""],
)  # fmt: skip
def test_a_macro_that_nobody_filled_is_no_value(macro: str) -> None:
    assert address_tags(f"{PAGE}?utm_campaign={macro}&utm_term=pumpe") == {"utm_term": "pumpe"}


@pytest.mark.parametrize("value", ["a;b", "50%25", "sommer_2026", "{a} und {b}", "x[1]", "A|B"])
def test_a_value_with_odd_signs_stays(value: str) -> None:
    told = value.replace("%25", "%")
    assert address_tags(f"{PAGE}?utm_campaign={value}")["utm_campaign"] == told


@pytest.mark.parametrize("address", ["", "http://[x", PAGE, "?" + "&" * 50_000, "utm_source=a"])
def test_an_address_without_tags_has_none(address: str) -> None:
    assert address_tags(address) == {}
