"""What a captcha's provider said of a token. All three answer in one shape."""

import json
from typing import Literal

Finding = Literal["passed", "failed", "unanswered"]
# A token is good for one look: one that was spent, or came late, tells nothing about the person.
OF_THE_SENDER = frozenset({"missing-input-response", "invalid-input-response"})


def finding(body: bytes) -> Finding:
    """`unanswered` where the provider does not judge: our key, its own trouble, a token spent."""
    try:
        said = json.loads(body)
        passed, codes = said.get("success"), frozenset(said.get("error-codes") or ())
    except (ValueError, TypeError, AttributeError, RecursionError):
        return "unanswered"
    if passed is True:
        return "passed"
    return "failed" if passed is False and codes <= OF_THE_SENDER else "unanswered"
