"""What another system's list knows of a lead's past: since when, its stage, owner and history.

Nothing is guessed: a row with a date or stage that cannot be read for certain is in doubt.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from leadloop.intake.policy import FileSource
from leadloop.model.base import Reason
from leadloop.model.lifecycle import Stage
from leadloop.model.submission import HistoryNote, LeadHistory, Submission

SINCE, STAGE, OWNER, HISTORY = (f"fields.{name}" for name in ("since", "stage", "owner", "history"))
HISTORY_FIELDS = frozenset({SINCE, STAGE, OWNER, HISTORY})
MOST_NOTES = 20  # notes of one row; further lines are added to the last note
DAY = r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}"
CLOCK = r"(?:[T ]+(?P<clock>\d\d?:\d\d(?::\d\d)?)(?:\.\d+)?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
MOMENT = re.compile(rf"(?P<day>{DAY}),?{CLOCK}(?=$|[\s:;,–—-])")


def history_values(values: Mapping[str, str]) -> dict[str, str]:
    """Those of a row's values, by full name, that are about the past."""
    return {name: text.strip() for name, text in values.items() if name in HISTORY_FIELDS}


def add_history(
    submission: Submission, history: Mapping[str, str], source: FileSource
) -> Submission:
    """The submission with its `past`; each value of it that cannot be read is a doubt.

    `history` is what `history_values` returned.
    """
    received, day = submission.received_at, history.get(SINCE)
    since = _moment(day, source) if day else received
    stage_word = history.get(STAGE, "")
    stage = _stage(stage_word, source)
    owner = history.get(OWNER, "")
    past = LeadHistory(
        since=min(since or received, received),
        stage=stage or Stage.NEW,
        owner=source.owners.get(owner, owner) or None,
        history=tuple(_notes(history.get(HISTORY, ""), since or received, source)),
    )
    doubts = []
    if since is None or since > received:
        doubts.append(Reason(code="since", text=f"since: “{day}” is no day up to today"))
    if stage is None:
        known = ", ".join((*source.stages, *Stage))
        doubts.append(Reason(code="stage", text=f"stage: “{stage_word}” is none of {known}"))
    touch = submission.touch
    return submission.but(
        past=past,
        touch=touch and touch.but(at=past.since),
        unreadable=(*submission.unreadable, *doubts),
    )


def _stage(text: str, source: FileSource) -> Stage | None:
    """The stage by the source's word, else by ours; an empty one is new. None: unknown."""
    source_stages = {word.casefold(): stage for word, stage in source.stages.items()}
    our_stages = {str(stage): stage for stage in Stage}
    return {"": Stage.NEW, **our_stages, **source_stages}.get(text.casefold())


def _notes(text: str, since: datetime, source: FileSource) -> Iterator[HistoryNote]:
    """A note for each line that begins with a day; a line without one continues the note before."""
    notes: list[tuple[datetime, list[str]]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        match = MOMENT.match(line)
        at = _moment(match[0], source) if match else None
        if match and at and len(notes) < MOST_NOTES:
            notes.append((at, [line[match.end() :].lstrip(" :–—-")]))
        elif notes:
            notes[-1][1].append(line)
        else:
            notes.append((since, [line]))
    for at, lines in notes:
        yield HistoryNote(at=at, text="\n".join(lines))


def _moment(text: str, source: FileSource) -> datetime | None:
    """The moment, in UTC if it names no zone. None: it is none, or could be two."""
    match = MOMENT.fullmatch(text)
    day = _day(match["day"], source) if match else None
    if match is None or day is None:
        return None
    zone = (match["zone"] or "Z").replace("Z", "+00:00")
    clock = (match["clock"] or "00:00").zfill(5)
    try:
        return datetime.fromisoformat(f"{day}T{clock}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(text: str, source: FileSource) -> str | None:
    """The day as ISO 8601 writes it; None if day and month could be exchanged."""
    if "-" in text:
        return text
    first, second, year = re.split(r"[./]", text)
    if "/" in text:
        if source.dates == "month" or (source.dates is None and int(second) > 12):
            first, second = second, first
        elif source.dates is None and int(first) <= 12 and first != second:
            return None
    return f"{year}-{int(second):02d}-{int(first):02d}"
