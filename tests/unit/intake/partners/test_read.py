import json
from collections.abc import Callable
from typing import Any

import pytest

from leadloop.intake.envelope import Envelope
from leadloop.intake.partners import read
from leadloop.intake.partners.read import PartnerPost, read_partner_post
from leadloop.intake.policy import PartnerSource
from leadloop.intake.read import read_or_raise
from leadloop.model import errors
from leadloop.model.submission import Channel, Submission


def posted(
    enveloped: Callable[..., Envelope], partner: PartnerSource, document: Any, **more: Any
) -> Submission:
    body = json.dumps(document).encode()
    (made,) = read_partner_post(enveloped(body, Channel.PARTNER, **more), body, partner)
    return made


def test_paths_and_plain_names_are_mapped(
    enveloped: Callable[..., Envelope], partner: PartnerSource
) -> None:
    made = posted(
        enveloped,
        partner,
        {
            "lead": {"person": {"mail": "ada@acme.example"}},
            "answers": [{"q": "colour", "a": "red"}, {"q": "size", "a": "120"}],
            "campaign_code": "X1",
            "first_name": "Ada",
        },
    )
    assert (made.contact.email, made.contact.first_name) == ("ada@acme.example", "Ada")
    assert made.ignored == ("answers.a",)  # of the colour
    assert made.interest.employees == 120
    assert made.fields == {"campaign": "X1"}


def test_our_own_groups_are_understood_without_a_mapping(
    enveloped: Callable[..., Envelope], partner: PartnerSource
) -> None:
    made = posted(
        enveloped,
        partner,
        {
            "contact": {"email": "a@b.example", "score": "99"},
            "interest": {"message": "hi", "product_line": "other"},
            "fields": {"owner_id": "me"},
        },
    )
    assert (made.contact.email, made.interest.message) == ("a@b.example", "hi")
    assert made.interest.product_line is None
    assert made.fields == {}


def test_a_missing_required_field_is_named(
    enveloped: Callable[..., Envelope], partner: PartnerSource
) -> None:
    with pytest.raises(errors.FieldsInvalid, match=r"contact\.email: is required"):
        posted(enveloped, partner, {"first_name": "Ada"})


def test_a_mapped_value_of_the_wrong_type_is_named_as_the_partner_calls_it(
    enveloped: Callable[..., Envelope], partner: PartnerSource
) -> None:
    with pytest.raises(errors.FieldsInvalid, match=r"lead\.person\.mail: must be text"):
        posted(enveloped, partner, {"lead": {"person": {"mail": ["a@b.example"]}}})


def test_more_than_192_kb_is_too_large(
    enveloped: Callable[..., Envelope], partner: PartnerSource
) -> None:
    body = b" " * (192 * 1024 + 1)
    with pytest.raises(errors.TooLarge):
        read_or_raise(enveloped(body, Channel.PARTNER), body, partner)


@pytest.mark.parametrize(
    ("document", "key"),
    [
        ({"lead": {"ref": "R-7"}}, "R-7"),
        ({"lead": {"ref": 7}}, "7"),
        ({"lead": {"ref": " "}}, None),
        ({"lead": {}}, None),
        ({}, None),
    ],
)
def test_the_key_may_be_a_field(partner: PartnerSource, document: Any, key: Any) -> None:
    post = PartnerPost("application/json", json.dumps(document).encode(), partner)
    assert post.key() == key


def test_a_body_is_parsed_once_for_its_key_and_its_lead(
    enveloped: Callable[..., Envelope], partner: PartnerSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[bytes] = []

    def json_object(body: bytes) -> Any:
        parsed.append(body)
        return json.loads(body)

    monkeypatch.setattr(read, "json_object", json_object)
    body = b'{"lead": {"ref": "R-7"}, "contact": {"email": "a@b.example"}}'
    post = PartnerPost("application/json", body, partner)
    assert post.key() == "R-7"
    (made,) = post.submissions(enveloped(body, Channel.PARTNER))
    assert made.contact.email == "a@b.example"
    assert parsed == [body]


def test_a_path_that_does_not_fit_is_the_bodys_fault_not_ours(
    enveloped: Callable[..., Envelope],
) -> None:
    source = PartnerSource(
        kind="partner",
        id="src",
        product_line="t",
        country="US",
        language="en",
        fields={"join(',', a)": "city"},
    )
    with pytest.raises(errors.Unreadable, match="does not fit"):
        posted(enveloped, source, {"a": 5})


def test_partners_may_send_adf(enveloped: Callable[..., Envelope], partner: PartnerSource) -> None:
    body = (
        b"<adf><prospect><customer><contact><name part='full'>Ada B</name>"
        b"<email>ada@acme.example</email></contact></customer></prospect></adf>"
    )
    (made,) = read_partner_post(
        enveloped(body, Channel.PARTNER, content_type="text/xml; charset=utf-8"), body, partner
    )
    assert (made.contact.name, made.contact.email) == ("Ada B", "ada@acme.example")


def test_a_test_call_stays_a_test(
    enveloped: Callable[..., Envelope], partner: PartnerSource
) -> None:
    assert posted(enveloped, partner, {"contact": {"email": "a@b.example"}}, test=True).test
