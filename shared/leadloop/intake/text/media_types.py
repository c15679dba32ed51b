"""Media types of a body, as senders name them.

Source: RFC 6838.
"""

from email.message import Message
from functools import lru_cache

XML_TYPES = frozenset(
    {"application/xml", "text/xml", "application/adf+xml", "application/x-adf+xml"}
)
FORM_URLENCODED = "application/x-www-form-urlencoded"
FORM_TYPES = frozenset({FORM_URLENCODED, "multipart/form-data"})
FIRST_BYTE_TYPES = {b"{": "application/json", b"[": "application/json", b"<": "application/xml"}


@lru_cache(maxsize=32)  # a request asks three times, and the world knows few
def media_type(content_type: str | None) -> str:
    """`application/json` of "Application/JSON; charset=utf-8"; JSON if there is no content type."""
    return _header(content_type or "application/json").get_content_type()


def declared_label(content_type: str | None) -> str | None:
    """`utf-8` of "Application/JSON; charset=UTF-8"; None if no charset is declared."""
    return _header(content_type or "").get_content_charset()


def _header(content_type: str) -> Message:
    message = Message()
    message["Content-Type"] = " ".join(content_type.split())
    return message
