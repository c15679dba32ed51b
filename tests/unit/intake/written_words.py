"""What a person wrote in an input, told by its structure alone, and what of it a reader has lost.

A word is a run of letters or digits in a *value*: of a form, of JSON, of a row, or the text of an
XML element. Names of values, and values that the format itself owns (ids, keys, times of the post),
are written by a program. So is a value that says nothing: “none”, “-”, an unfilled placeholder.

A word is kept if a field, an own field, the message, the touch or the consent has it, or if
`ignored` or a reason names its value.
"""

import email
import email.policy
import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase
from typing import NamedTuple
from urllib.parse import parse_qsl

from lxml import etree

from leadloop.intake.fields.label_vocabulary import field_for_label
from leadloop.intake.fields.mapping import value_or_none
from leadloop.intake.text.multipart import FilePart, parse_multipart
from leadloop.model.submission import Submission

WORD = re.compile(r"[^\W_]+")
PLACE = re.compile(r"\[.*| \(\d+\)$")  # of a path in a list, or of a second answer
MARKUP = re.compile(r"</?(?:p|br|a|b|i|div|span|strong|em|ul|li|td|tr|table)(?=[\s/>])[^<>]*>")
KEPT_PARTS = frozenset({"contact", "interest", "fields", "consent", "touch", "past", "attendance"})


class Written(NamedTuple):
    """A value that a person wrote, with the names by which it may be told as ignored."""

    names: tuple[str, ...]
    text: str


def pairs_written(content_type: str, body: bytes) -> Iterator[Written]:
    """The values of a form's post."""
    if content_type.startswith("multipart/"):
        for name, value in parse_multipart(content_type, body).items():
            yield Written((name,), value.filename if isinstance(value, FilePart) else str(value))
    else:
        for name, text in parse_qsl(body.decode()):
            yield Written((name.partition("[")[0], name), text)


def json_written(
    document: object, path: tuple[str, ...] = (), wordings: tuple[str, ...] = ()
) -> Iterator[Written]:
    """The texts, numbers and truths of a JSON document, by dotted names without places in lists.

    The other texts of its object may name a value, too: the wording of a question.
    """
    match document:
        case dict():
            siblings = tuple(_texts(document))
            for name, inner in document.items():
                place = (*path, str(name))
                around = () if isinstance(inner, dict) else wordings
                yield from json_written(inner, place, (*siblings, *around))
        case list():
            for inner in document:
                yield from json_written(inner, path, wordings)
        case str() | int() | float():
            yield Written((".".join(path), *wordings), _text(document))
        case _:
            pass


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def xml_written(
    root: etree._Element, *, foreign: Collection[str] = (), attributes: bool = False
) -> Iterator[Written]:
    """The texts of an XML document, without elements below those named `foreign`."""
    for node in root.iter(etree.Element):
        path = [_tag(node), *map(_tag, node.iterancestors())][::-1]
        if foreign and set(foreign) & set(path):
            continue
        made = [f"{node.prefix}_{'_'.join(path[-depth:])}" for depth in (1, 2)]
        names = ("/" + "/".join(path), ".".join(path), *made, path[-1])
        texts = [node.text, *(child.tail for child in node)]
        yield from (Written(names, text) for text in texts if text and text.strip())
        if attributes:
            for name, text in node.attrib.items():
                yield Written((f"{names[0]}/@{name}", str(name), *names), str(text))


def _tag(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2].rpartition(":")[2].lower()


def row_written(columns: Iterable[str], cells: Iterable[str]) -> Iterator[Written]:
    """The cells of a row, by their columns."""
    return (Written((column,), cell) for column, cell in zip(columns, cells, strict=False))


def text_written(text: str) -> Iterator[Written]:
    """The lines of a text, without labels: what stands before a colon, and words that we know."""
    for line in MARKUP.sub("\n", text).splitlines():
        if field_for_label(line.strip(), {}):
            continue
        label, colon, value = line.replace("：", ":").partition(":")
        is_label = bool(colon) and len(label) < 60 and not value.startswith("//")
        yield Written((label.strip(), line.strip()), value if is_label else line)


def mail_written(body: bytes) -> list[Written]:
    """The lines of a mail's text, as its first text for people has them."""
    mail = email.message_from_bytes(body, policy=email.policy.default)
    part = mail.get_body(("plain", "html"))
    if part is None:
        return []
    try:
        text = part.get_content()
    except LookupError:  # a charset that the library does not know
        return []
    is_text = not text.lstrip().startswith(("<?xml", "<adf", "{")) and "\ufffd" not in text
    return list(text_written(html.unescape(text))) if is_text else []


def lost_values(
    written: Iterable[Written],
    submissions: Iterable[Submission],
    technical: Collection[str] = (),
) -> list[Written]:
    """The values with a word that none of the submissions has; `technical` are patterns of
    names that are the format's own.

    Where nothing of an input was understood, its raw bytes are all that stays.
    """
    kept = list(submissions)
    if any(each.part == 0 for each in kept):
        return []
    pool = " ".join(text for each in kept for text in _kept_texts(each))
    squeezed, words = _squeeze(pool), set(_words(pool))
    named = [_squeeze(PLACE.sub("", name)) for each in kept for name in _named(each)]
    return [
        each
        for each in written
        if not any(fnmatchcase(each.names[0], pattern) for pattern in technical)
        and value_or_none(each.text) is not None
        and not _is_kept(each, words, squeezed)
        and not _is_named(each, named)
    ]


def _kept_texts(submission: Submission) -> Iterator[str]:
    document = submission.model_dump(mode="json", include=set(KEPT_PARTS))
    yield from (each.text for each in json_written(document))
    yield from submission.ignored
    yield from submission.fields  # by the labels of their answers


def _named(submission: Submission) -> Iterator[str]:
    yield from submission.ignored
    for reason in submission.unreadable:
        yield reason.field or reason.text.partition(":")[0]


def _is_kept(written: Written, words: Collection[str], squeezed: str) -> bool:
    text = MARKUP.sub(" ", html.unescape(written.text)).removeprefix("mailto:")
    found = list(_words(text))
    return all(word in words for word in found) or _squeeze(text) in squeezed


def _is_named(written: Written, named: Iterable[str]) -> bool:
    names = [_squeeze(name) for name in written.names]
    return any(
        told and (name == told or (len(told) >= 3 and name.endswith(told)) or name.startswith(told))
        for told in named
        for name in names
    )


def _words(text: str) -> Iterator[str]:
    digits = "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
    return (word.casefold() for word in WORD.findall(unicodedata.normalize("NFKC", digits)))


def _squeeze(text: str) -> str:
    return "".join(_words(text))
