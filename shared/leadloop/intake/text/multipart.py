"""Posts of `multipart/form-data` become named values: texts, and files as they came.

Source: RFC 7578.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from leadloop.intake.text.form_charset import CHARSET_FIELD, decode_form
from leadloop.intake.text.media_types import declared_label
from leadloop.intake.text.repeated_names import join_repeated
from leadloop.model.errors import Unreadable

MOST_NAME = 100  # characters of a file's name that are kept
MOST_PARTS = 200
CHARSET_NAME = CHARSET_FIELD.encode()


class FilePart(NamedTuple):
    """A posted file; its name and type are the sender's claims."""

    filename: str
    content_type: str
    content: bytes

    @property
    def summary(self) -> str:
        """The file in one line: name, bytes, sha256. The content stays in the raw record."""
        name = " ".join("".join(filter(str.isprintable, self.filename)).split())[-MOST_NAME:]
        digest = hashlib.sha256(self.content).hexdigest()
        return f"{name or 'unnamed'} ({len(self.content)} bytes, sha256 {digest})"


class _RawPart(NamedTuple):
    """A part before its charset is known; `filename` is None of a text."""

    name: bytes
    filename: bytes | None
    media: str
    content: bytes


def parse_multipart(content_type: str, body: bytes) -> dict[str, object]:
    """The named values of a body; the last part of a name counts, an empty file input does not.

    Raises:
        Unreadable: the body is broken, in another charset than it says, or has too many parts.

    """
    # Most forms come without files, and need not wait for this.
    from python_multipart.exceptions import FormParserError  # noqa: PLC0415
    from python_multipart.multipart import MultipartParser, parse_options_header  # noqa: PLC0415

    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise Unreadable("the multipart body has no boundary in its content type")
    collected = _PartCollector()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": collected.begin,
                "on_header_field": collected.header_name,
                "on_header_value": collected.header_value,
                "on_header_end": collected.header_end,
                "on_part_data": collected.data,
                "on_part_end": collected.end,
                "on_end": collected.finish,
            },
        )
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise Unreadable("the multipart body is broken") from error
    if not collected.finished:
        raise Unreadable("the multipart body ends before its last boundary")
    parts = []
    for headers, content in collected.parts:
        _, options = parse_options_header(headers.get(b"content-disposition", b""))
        media = headers.get(b"content-type", b"").decode("latin-1")
        parts.append(_RawPart(options.get(b"name", b""), options.get(b"filename"), media, content))
    return join_repeated(_named_values(parts, content_type))


def _named_values(
    parts: Sequence[_RawPart], content_type: str
) -> Iterator[tuple[str, str | FilePart]]:
    """The texts in the charset that the form declares, and the files as they came."""
    declared = (each.content.decode("latin-1") for each in parts if each.name == CHARSET_NAME)
    labels = (declared_label(each.media) for each in parts if each.filename is None)
    label = next(filter(None, (*declared, *labels)), declared_label(content_type))
    names = decode_form([each.name for each in parts], label)
    filenames = decode_form([each.filename or b"" for each in parts], label)
    texts = decode_form(
        [b"" if each.filename is not None else each.content for each in parts], label
    )
    for part, name, filename, text in zip(parts, names, filenames, texts, strict=True):
        if part.filename is None and part.name != CHARSET_NAME:
            yield name, text
        elif filename or (part.filename is not None and part.content):
            media = part.media or "application/octet-stream"
            yield name, FilePart(filename, media[:100], part.content)


class _PartCollector:
    """Collects the headers and the content of each part, as the parser calls."""

    def __init__(self) -> None:
        self.parts: list[tuple[dict[bytes, bytes], bytes]] = []
        self.finished = False

    def begin(self) -> None:
        if len(self.parts) >= MOST_PARTS:
            raise Unreadable(f"the form has more than {MOST_PARTS} fields")
        self._headers: dict[bytes, bytes] = {}
        self._content: list[bytes] = []
        self._name = self._value = b""

    def header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def data(self, data: bytes, start: int, end: int) -> None:
        self._content.append(data[start:end])

    def end(self) -> None:
        self.parts.append((self._headers, b"".join(self._content)))

    def finish(self) -> None:
        self.finished = True
