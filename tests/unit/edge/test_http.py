import base64
from typing import Any

import pytest

from leadloop.edge.http import Request
from leadloop.model.errors import Unreadable


def request(**event: Any) -> Request:
    return Request({"httpMethod": "POST", "path": "/f/x", "requestContext": {}, **event})


def test_header_names_are_read_whatever_their_case() -> None:
    got = request(headers={"CONTENT-TYPE": "text/plain", "user-Agent": "curl"})
    assert (got.content_type, got.user_agent) == ("text/plain", "curl")


def test_a_base64_body_is_its_bytes() -> None:
    raw = bytes(range(256))
    assert request(body=base64.b64encode(raw).decode(), isBase64Encoded=True).body == raw


def test_a_text_body_is_utf_8() -> None:
    assert request(body="Zażółć").body == "Zażółć".encode()


def test_a_lone_surrogate_reaches_the_reader() -> None:
    assert request(body='{"a":"\ud800"}').body == b'{"a":"\xed\xa0\x80"}'


def test_what_is_said_to_be_base64_and_is_not_is_refused() -> None:
    with pytest.raises(Unreadable):
        _ = request(body="***", isBase64Encoded=True).body


def test_a_request_without_headers_body_or_identity_is_read() -> None:
    got = request(headers=None, body=None, queryStringParameters=None)
    assert (got.body, got.ip, got.content_type, got.query) == (b"", None, None, {})
