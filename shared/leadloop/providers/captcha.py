"""Verifies a captcha's token with its provider: three addresses, one request format."""

import json
from urllib.parse import urlencode

from leadloop.intake.captchas import CAPTCHAS
from leadloop.intake.public_sources import CaptchaRow
from leadloop.providers.http_json import RETRYABLE_STATUSES, HttpClient, NoAnswer
from leadloop.providers.vendor_api import SecretLookup

FORM_HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


def verify_captcha_token(
    outside: HttpClient, row: CaptchaRow, secret: SecretLookup, token: str
) -> bytes:
    """The provider's JSON answer about a token.

    Raises:
        NoAnswer: there is no secret, no answer, or no JSON.

    """
    key = secret(row.secret)
    if not key:
        raise NoAnswer(f"may not be asked: there is no secret {row.secret}", passing=True)
    body = urlencode({"secret": key, "response": token}).encode()
    reply = outside.call("POST", CAPTCHAS[row.provider].verify, headers=FORM_HEADERS, body=body)
    if reply.status != 200:
        raise NoAnswer(f"answered {reply.status}", passing=reply.status in RETRYABLE_STATUSES)
    try:
        json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise NoAnswer("answered no JSON", passing=True) from error
    return reply.body
