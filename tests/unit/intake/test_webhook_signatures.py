import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.intake.webhook_signatures import (
    STANDARD_SIGNATURE,
    HeaderKey,
    Signature,
    is_authentic,
    signed_headers,
)
from leadloop.intake.webhooks.registry import VENDORS

GOOGLE_KEY, META = VENDORS["google"].signature, VENDORS["meta"].signature
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BODY = b'{"lead": "\xc3\xa9"}'
KEY = "a key of ours"


def hex_of(key: str, text: bytes, algorithm: str = "sha256") -> str:
    return hmac.new(key.encode(), text, algorithm).hexdigest()


def standard(key: bytes, at: datetime, body: bytes = BODY, id_: str = "msg_1") -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    mac = hmac.new(key, f"{id_}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": id_,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


RAW = b"0123456789abcdef01234567"
WHSEC = "whsec_" + base64.b64encode(RAW).decode()
MINE = {
    "meta": (META, {"x-hub-signature-256": "sha256=" + hex_of(KEY, BODY)}),
    "linkedin": (
        VENDORS["linkedin"].signature,
        {"x-li-signature": hex_of(KEY, b"hmacsha256=" + BODY)},
    ),
    "typeform": (
        VENDORS["typeform"].signature,
        {
            "typeform-signature": "sha256="
            + base64.b64encode(hmac.new(KEY.encode(), BODY, "sha256").digest()).decode()
        },
    ),
}


@pytest.mark.parametrize("vendor", MINE)
def test_a_vendors_own_signature_is_taken_and_any_other_body_or_key_is_not(vendor: str) -> None:
    proof, headers = MINE[vendor]
    assert is_authentic(proof, headers, BODY, {}, [KEY], NOW)
    assert not is_authentic(proof, headers, BODY + b" ", {}, [KEY], NOW)
    assert not is_authentic(proof, headers, BODY, {}, ["another key"], NOW)
    assert not is_authentic(proof, headers, BODY, {}, [], NOW)
    assert not is_authentic(proof, {}, BODY, {}, [KEY], NOW)


@pytest.mark.parametrize("vendor", MINE)
def test_the_old_key_is_good_until_it_is_taken_away(vendor: str) -> None:
    proof, headers = MINE[vendor]
    assert is_authentic(proof, headers, BODY, {}, ["the new key", KEY], NOW)
    assert not is_authentic(proof, headers, BODY, {}, ["the new key"], NOW)


@pytest.mark.parametrize(
    ("minutes", "taken"), [(0, True), (4, True), (-4, True), (6, False), (-6, False)]
)
def test_a_standard_webhook_is_good_for_five_minutes_either_way(
    minutes: int, *, taken: bool
) -> None:
    headers = standard(RAW, NOW + timedelta(minutes=minutes))
    assert is_authentic(STANDARD_SIGNATURE, headers, BODY, {}, [WHSEC], NOW) is taken


def test_a_standard_webhook_that_was_tampered_with_is_refused() -> None:
    good = standard(RAW, NOW)
    late = {**good, "webhook-timestamp": str(int(NOW.timestamp()) + 60)}
    for headers, body in (
        (good, BODY + b"x"),
        ({**good, "webhook-id": "msg_2"}, BODY),
        (late, BODY),
        ({**good, "webhook-signature": good["webhook-signature"].replace("v1,", "v2,")}, BODY),
        ({**good, "webhook-timestamp": "soon"}, BODY),
        ({**good, "webhook-timestamp": "9" * 30}, BODY),
        ({name: value for name, value in good.items() if name != "webhook-id"}, BODY),
    ):
        assert not is_authentic(STANDARD_SIGNATURE, headers, body, {}, [WHSEC], NOW)


def test_one_good_signature_of_several_is_enough_while_keys_change() -> None:
    good = standard(RAW, NOW)
    both = {**good, "webhook-signature": "v1,AAAA " + good["webhook-signature"]}
    assert is_authentic(STANDARD_SIGNATURE, both, BODY, {}, [WHSEC], NOW)


def test_a_timestamp_inside_the_signatures_header_is_read_there() -> None:
    proof = Signature(
        by="signature",
        header="X-Signature",
        separator=",",
        prefix="v1=",
        timestamp_prefix="t=",
        signed="{timestamp}.{body}",
    )
    stamp = str(int(NOW.timestamp()))
    headers = {"x-signature": f"t={stamp},v1={hex_of(KEY, stamp.encode() + b'.' + BODY)}"}
    assert is_authentic(proof, headers, BODY, {}, [KEY], NOW)
    assert not is_authentic(proof, headers, BODY, {}, [KEY], NOW + timedelta(minutes=6))
    assert not is_authentic(proof, {"x-signature": "v1=00"}, BODY, {}, [KEY], NOW)


def test_googles_key_is_in_the_body_and_compared_whole() -> None:
    assert is_authentic(GOOGLE_KEY, {}, BODY, {"google_key": KEY}, [KEY], NOW)
    for said in ("", KEY[:-1], KEY + "x", 7, None, [KEY], "\ud800"):
        assert not is_authentic(GOOGLE_KEY, {}, BODY, {"google_key": said}, [KEY], NOW)


def test_an_empty_key_lets_nobody_in() -> None:
    for proof, headers in ((HeaderKey(by="header", header="x-key"), {"x-key": ""}), MINE["meta"]):
        assert not is_authentic(proof, headers, BODY, {"google_key": ""}, [""], NOW)
    assert not is_authentic(GOOGLE_KEY, {}, BODY, {"google_key": ""}, [""], NOW)
    forged = {"x-hub-signature-256": "sha256=" + hex_of("", BODY)}
    assert not is_authentic(META, forged, BODY, {}, [""], NOW)


def test_a_signature_can_be_shown_later_and_a_key_never() -> None:
    assert signed_headers(META, {"x-hub-signature-256": "sha256=00", "cookie": "c"}) == {
        "x-hub-signature-256": "sha256=00"
    }
    assert signed_headers(HeaderKey(by="header", header="X-Key"), {"x-key": KEY}) == {}


@given(header=st.text(max_size=200), body=st.binary(max_size=50), key=st.text(max_size=20))
def test_whatever_a_header_says_it_is_no_error(header: str, body: bytes, key: str) -> None:
    for vendor in ("meta", "linkedin", "typeform", "json"):
        proof = VENDORS[vendor].signature
        assert isinstance(proof, Signature)
        headers = {
            proof.header: header,
            "webhook-id": header,
            "webhook-timestamp": str(int(NOW.timestamp())),
        }
        assert not is_authentic(proof, headers, body, {}, [key], NOW)
