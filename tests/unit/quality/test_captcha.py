import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.quality.captcha import parse_captcha_result


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (b'{"success": true, "hostname": "acme.example"}', "passed"),
        (b'{"success": false}', "failed"),
        (b'{"success": false, "error-codes": ["invalid-input-response"]}', "failed"),
        (b'{"success": false, "error-codes": ["timeout-or-duplicate"]}', "unanswered"),
        (b'{"success": false, "error-codes": ["invalid-input-secret"]}', "unanswered"),
        (b'{"success": "true"}', "unanswered"),
        (b'["success"]', "unanswered"),
        (b"<html>", "unanswered"),
    ],
)
def test_only_what_is_the_senders_own_fault_counts_against_him(said: bytes, found: str) -> None:
    assert parse_captcha_result(said) == found


@given(st.binary(max_size=80))
def test_nothing_that_a_provider_says_is_an_error(said: bytes) -> None:
    assert parse_captcha_result(said) in {"passed", "failed", "unanswered"}
