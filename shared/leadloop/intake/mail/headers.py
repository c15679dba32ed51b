"""Header lines of a mail: decoded, bounded, and never an error."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from leadloop.intake.text.decoding import text_of_bytes

LONGEST_HEADER = 10_000


def read_header(message: Message, name: str) -> str:
    """The first one of this name, decoded, on one line; empty if there is none."""
    value = next((str(v) for n, v in message.raw_items() if n.lower() == name.lower()), "")
    value = value[:LONGEST_HEADER]
    if any("\udc80" <= letter <= "\udcff" for letter in value):
        value = text_of_bytes(value.encode("utf-8", "surrogateescape"), None)
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        pieces = [(value, None)]
    text = "".join(
        piece if isinstance(piece, str) else text_of_bytes(piece, charset)
        for piece, charset in pieces
    )
    return " ".join(text.replace("\0", "").split())


def read_parameter(message: Message, name: str) -> str:
    """One of `Content-Type`, lower-case; empty where there is none, or none that can be read."""
    try:
        found = message.get_param(name, "")
    except (LookupError, ValueError, TypeError):
        return ""
    return found.lower() if isinstance(found, str) else ""


def parse_addresses(text: str) -> list[tuple[str, str]]:
    """Display names and addresses of a header line, both as written; none where it is hostile."""
    try:
        return getaddresses([" ".join(text[:LONGEST_HEADER].split())])
    except RecursionError:  # comments in comments
        return []


def read_address(message: Message, name: str) -> tuple[str | None, str | None]:
    """Display name and address, only if there is exactly one address and no doubt about it."""
    raw = next((str(v) for n, v in message.raw_items() if n.lower() == name.lower()), "")
    found = parse_addresses(raw)
    if len(found) != 1 or found[0][1].count("@") != 1 or re.search(r"\s", found[0][1]):
        return None, None
    label = Message()
    label["X"] = found[0][0]
    return read_header(label, "X") or None, found[0][1]
