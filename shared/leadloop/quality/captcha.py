"""The verdict of a captcha's provider on a token. All three providers answer in one shape.

Source: https://developers.google.com/recaptcha/docs/verify,
https://docs.hcaptcha.com/#verify-the-user-response-server-side,
https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
"""

import json
from typing import Literal

CaptchaResult = Literal["passed", "failed", "unanswered"]
# Only these errors are about the person. A token can be verified once: a used or late one says
# nothing about the person.
SENDER_ERRORS = frozenset({"missing-input-response", "invalid-input-response"})


def parse_captcha_result(body: bytes) -> CaptchaResult:
    """The verdict in the provider's JSON answer.

    `unanswered`: the provider gave no verdict, because of our key, a fault of its own, or a token
    that was used before.
    """
    try:
        answer = json.loads(body)
        passed, codes = answer.get("success"), frozenset(answer.get("error-codes") or ())
    except (ValueError, TypeError, AttributeError, RecursionError):
        return "unanswered"
    if passed is True:
        return "passed"
    return "failed" if passed is False and codes <= SENDER_ERRORS else "unanswered"
