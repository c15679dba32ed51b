"""Header lines of a mail: decoded and bounded. No hostile line raises an error.

Sources: RFC 5322 (lines and addresses), RFC 2047 (encoded words), RFC 2045 (parameters).
"""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from leadloop.intake.text.decoding import text_of_bytes

LONGEST_HEADER = 10_000  # characters of a line that are read
ADDRESS = r"[^\s<>()\[\],;:\"'@][^\s<>()\[\],;:\"@]{0,63}@[^\s<>()\[\],;:\"'@]{1,255}"
SAME_ADDRESS_TWICE = re.compile(
    rf"(?<![^\s,;:])'?({ADDRESS})'?\s{{0,3}}<\s{{0,3}}\1\s{{0,3}}>", re.IGNORECASE
)


def read_header(message: Message, name: str) -> str:
    """The first header line of this name, decoded, without line breaks; empty if there is none."""
    return decode_header_text(_raw_value(message, name))


def decode_header_text(text: str) -> str:
    """A header's value or parameter with its encoded words decoded, without line breaks."""
    value = text[:LONGEST_HEADER]
    if any("\udc80" <= letter <= "\udcff" for letter in value):
        value = text_of_bytes(value.encode("utf-8", "surrogateescape"), None)
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        pieces = [(value, None)]
    decoded = "".join(
        piece if isinstance(piece, str) else text_of_bytes(piece, charset)
        for piece, charset in pieces
    )
    return " ".join(decoded.replace("\0", "").split())


def read_parameter(message: Message, name: str) -> str:
    """A parameter of `Content-Type` in small letters; empty where it is absent or unreadable."""
    try:
        value = message.get_param(name, "")
    except (LookupError, ValueError, TypeError):
        return ""
    return value.lower() if isinstance(value, str) else ""


def parse_addresses(text: str) -> list[tuple[str, str]]:
    """Display names and addresses of a header line, as written; none where it is hostile.

    An address that stands before itself (`a@x.example <a@x.example>`) is one address: RFC 5322
    wants quotes round the first, many programs write none.
    """
    line = " ".join(text[:LONGEST_HEADER].split())
    try:
        return getaddresses([SAME_ADDRESS_TWICE.sub(r"<\1>", line)])
    except RecursionError:  # comments in comments
        return []


def first_address(text: str) -> tuple[str, str]:
    """Display name and address of the first address in a text; both may be empty."""
    return next(iter(parse_addresses(text)), ("", ""))


def read_address(message: Message, name: str) -> tuple[str | None, str | None]:
    """Display name and address; None for both where the line has no or several addresses."""
    addresses = parse_addresses(_raw_value(message, name))
    if len(addresses) != 1:
        return None, None
    display_name, address = addresses[0]
    if address.count("@") != 1 or re.search(r"\s", address):
        return None, None
    line = Message()
    line["X"] = display_name
    return read_header(line, "X") or None, address


def _raw_value(message: Message, name: str) -> str:
    items = message.raw_items()
    return next((str(value) for key, value in items if key.lower() == name.lower()), "")
