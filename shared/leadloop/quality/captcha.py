"""What a captcha's provider said of a token. All three answer in one shape."""

import json
from typing import Literal

CaptchaResult = Literal["passed", "failed", "unanswered"]
# A token is good for one look: one that was spent, or came late, tells nothing about the person.
SENDER_ERRORS = frozenset({"missing-input-response", "invalid-input-response"})


def parse_captcha_result(body: bytes) -> CaptchaResult:
    """`unanswered` where the provider does not judge: our key, its own trouble, a token spent."""
    try:
        said = json.loads(body)
        passed, codes = said.get("success"), frozenset(said.get("error-codes") or ())
    except (ValueError, TypeError, AttributeError, RecursionError):
        return "unanswered"
    if passed is True:
        return "passed"
    return "failed" if passed is False and codes <= SENDER_ERRORS else "unanswered"
