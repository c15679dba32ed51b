import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def one_line(text: str) -> str:
    """As a header may carry it: no line breaks, control characters or turned directions."""
    return " ".join(_CONTROL.sub(" ", text).split())
