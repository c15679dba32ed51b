"""Tags of a campaign as links really carry them."""

import pytest

from leadloop.intake.fields.attribution import address_tags

PAGE = "https://acme.example/pumpen"


@pytest.mark.parametrize(
    "query",
    [
        "?utm_source=brief&utm_medium=mail&gclid=X1",
        "?utm_source=brief&amp;utm_medium=mail&amp;gclid=X1",
        "?utm_source=brief&amp;amp;utm_medium=mail&#38;gclid=X1",
        "#utm_source=brief&utm_medium=mail&gclid=X1",
        "#/seite?utm_source=brief&utm_medium=mail&gclid=X1",
        "?id=7#teil?utm_source=brief&utm_medium=mail&gclid=X1",
        "?a=1?utm_source=brief?utm_medium=mail?gclid=X1",
        "?UTM_SOURCE=brief&Utm_Medium=mail&GclID=X1",
        "?utm_source=brief;utm_medium=mail;gclid=X1",
        "&utm_source=brief&utm_medium=mail&gclid=X1",
        "?utm_source%3Dbrief%26utm_medium%3Dmail%26gclid%3DX1",
    ],
)
def test_tags_are_read_wherever_they_stand_in_the_address(query: str) -> None:
    assert address_tags(PAGE + query) == {
        "utm_source": "brief", "utm_medium": "mail", "gclid": "X1",
    }  # fmt: skip


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
