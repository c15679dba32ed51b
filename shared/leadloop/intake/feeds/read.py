"""An entry of a web feed, or a file out of a drop, becomes submissions.

No sender waits for an answer, so a submission in doubt says why and goes to quarantine.
"""

import json
from collections.abc import Iterator, Mapping

from leadloop.intake.envelope import Envelope
from leadloop.intake.fields.flat_document import value_as_text
from leadloop.intake.fields.label_vocabulary import plain_label
from leadloop.intake.fields.mapping import (
    LONG_FIELDS,
    LONGEST,
    build_parts_leniently,
    build_submission,
    missing_field_reasons,
    qualified_name,
)
from leadloop.intake.files.rows import read_row
from leadloop.intake.formats.adf import read_adf
from leadloop.intake.formats.labelled_text import read_labels
from leadloop.intake.mail.read import read_mail
from leadloop.intake.policy import FeedSource, FileSource, MailSource
from leadloop.intake.text.bodies import json_object
from leadloop.intake.text.decoding import text_of_bytes
from leadloop.intake.text.json_paths import DocumentValues, follow_paths, ignored_names
from leadloop.intake.text.media_types import XML_TYPES, media_type
from leadloop.model.base import Reason
from leadloop.model.contact import MESSAGE_FIELD
from leadloop.model.errors import TooLarge, Unreadable
from leadloop.model.submission import Submission

PARSER = "feed/4"  # the next number whenever the same bytes would be read differently
ENTRY_TYPE = "application/vnd.leadloop.entry+json"
ROW_TYPE = "application/vnd.leadloop.row+json"
MAIL_TYPE = "message/rfc822"
TITLE_FIELD = "fields.entry_title"
# Of an entry: what becomes the message, and what tells of the feed rather than of the person.
ENTRY_WORDS = (
    "title title_type text summary link guid published updated comments language rights license "
    "image"
)
ENTRY_NAMES = frozenset(ENTRY_WORDS.split())
MOST_BYTES = 10_000_000
MOST_RECORDS = 1_000  # of one JSON file


def read_feed(envelope: Envelope, body: bytes, source: FeedSource) -> tuple[Submission, ...]:
    """One submission for each entry, prospect or record.

    A submission in doubt has `unreadable` reasons.

    Raises:
        Unreadable: nothing at all can be made of the bytes.
        TooLarge: too many bytes or records.
        FieldsInvalid: a name in an entry's or a row's JSON that cannot be stored.

    """
    if len(body) > MOST_BYTES:
        raise TooLarge(f"the file has {len(body)} bytes; {MOST_BYTES} are the most")
    match media_type(envelope.content_type):
        case media if media == ENTRY_TYPE:
            return (_entry(envelope, json_object(body), source),)
        case media if media in XML_TYPES:
            return tuple(_prospects(envelope, body, source))
        case "application/json" | "text/json":
            return tuple(_records(envelope, body, source))
        case media if media == MAIL_TYPE:
            return read_mail(envelope, body, _mail_source(source))
        case media if media == ROW_TYPE:
            return (read_row(envelope, body, _file_source(source)),)
        case _:
            raise Unreadable(
                "the file cannot be read: ADF, JSON, mails and tables of rows can, "
                "with rows in them and not too many"
            )


def _entry(envelope: Envelope, entry: Mapping[str, object], source: FeedSource) -> Submission:
    """A mapped name comes before a label in the text; title and text are the message."""
    title, text = (str(entry.get(name) or "") for name in ("title", "text"))
    labels = {plain_label(label): qualified_name(name) for label, name in source.labels.items()}
    found = read_labels(text, labels)
    message = "\n".join(filter(None, (title, text)))[: LONGEST[MESSAGE_FIELD in LONG_FIELDS]]
    values = {
        MESSAGE_FIELD: message,
        **{f"fields.{name}": each for name, each in found.own.items()},
    }
    document = follow_paths(entry, source.fields)
    if MESSAGE_FIELD in found.values and "title" not in source.fields:
        values[TITLE_FIELD] = title
    submission = _submission(envelope, {**values, **found.values}, document, source)
    unread = ignored_names(entry, {*source.fields, *ENTRY_NAMES})
    is_cut = message and not message.endswith(text) and MESSAGE_FIELD not in found.values
    ignored = (*unread, *found.ignored, *submission.ignored, *(("text",) if is_cut else ()))
    return submission.but(ignored=tuple(dict.fromkeys(ignored)))


def _records(envelope: Envelope, body: bytes, source: FeedSource) -> Iterator[Submission]:
    """The submissions of one JSON object, or of a list of them."""
    try:
        document = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("the file is no JSON") from error
    records = document if isinstance(document, list) else [document]
    if len(records) > MOST_RECORDS:
        raise TooLarge(f"the file has {len(records)} records; {MOST_RECORDS} are the most")
    for n, record in enumerate(records, 1):
        if isinstance(record, dict):
            document = follow_paths(record, source.fields)
            unread = ignored_names(record, source.fields)
            yield _submission(envelope, {}, document._replace(ignored=unread), source, n)
        else:
            reason = Reason(code="unreadable", text=f"record {n} is no object")
            yield _submission(envelope, {}, DocumentValues({}, (reason,)), source, n)


def _submission(
    envelope: Envelope,
    values: dict[str, str],
    document: DocumentValues,
    source: FeedSource,
    n: int = 1,
) -> Submission:
    """The n-th submission; `values` are by full names, those of `document` come before them."""
    doubts, replaced = list(document.misfits), []
    for name, value in document.values.items():
        field = qualified_name(source.fields[name])
        text = None if value is None else value_as_text(field, value)
        if text:
            replaced += [] if values.get(field, text) in text else [field]
            values[field] = text
        elif value is not None and text is None:
            doubts.append(Reason(code="wrong_type", text=f"{name}: is neither text nor number"))
    parts, faults = build_parts_leniently(values)
    doubts += [*faults, *missing_field_reasons(source.required, parts, source.fields)]
    return build_submission(envelope, parts, PARSER, n=n).but(
        unreadable=tuple(doubts), ignored=(*document.ignored, *replaced)
    )


def _prospects(envelope: Envelope, body: bytes, source: FeedSource) -> Iterator[Submission]:
    for n, prospect in enumerate(read_adf(text_of_bytes(body, None)), 1):
        missing = missing_field_reasons(source.required, prospect.parts, source.fields)
        submission = build_submission(envelope, prospect.parts, prospect.parser, n=n)
        yield submission.but(unreadable=(*prospect.doubts, *missing), ignored=prospect.ignored)


def _file_source(source: FeedSource) -> FileSource:
    """The source as which a row is read: like a file that a colleague imports."""
    return FileSource(
        kind="file",
        id=source.id,
        vendor=source.vendor,
        product_line=source.product_line,
        country=source.country,
        language=source.language,
        required=source.required,
        fields=source.fields,
    )


def _mail_source(source: FeedSource) -> MailSource:
    """The source as which a mail in the drop is read: like the vendor's mails."""
    return MailSource(
        kind="mail",
        id=source.id,
        vendor=source.vendor,
        product_line=source.product_line,
        country=source.country,
        language=source.language,
        required=source.required,
        fields=source.fields,
        labels=source.labels,
        address="",
    )
