"""What another system's list tells of a person beside who it is: since when, where, whose, what.

Nothing is guessed: a date or a stage that cannot be read for certain puts the row in doubt.
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
MOST_NOTES = 20  # of one row; what is more stays in its last one
DAY = r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4}"
CLOCK = r"(?:[T ]+(?P<clock>\d\d?:\d\d(?::\d\d)?)(?:\.\d+)?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
MOMENT = re.compile(rf"(?P<day>{DAY}),?{CLOCK}(?=$|[\s:;,–—-])")


def history_values(values: Mapping[str, str]) -> dict[str, str]:
    """Of a row's values, by our full names, those that tell of the past."""
    return {name: text.strip() for name, text in values.items() if name in HISTORY_FIELDS}


def add_history(submission: Submission, told: Mapping[str, str], source: FileSource) -> Submission:
    """The same with its `past`; what of that cannot be read is a doubt more."""
    here, day, word = submission.received_at, told.get(SINCE), told.get(STAGE, "")
    since = _moment(day, source) if day else here
    stage = _stage(word, source)
    owner = told.get(OWNER, "")
    past = LeadHistory(
        since=min(since or here, here),
        stage=stage or Stage.NEW,
        owner=source.owners.get(owner, owner) or None,
        history=tuple(_history(told.get(HISTORY, ""), since or here, source)),
    )
    doubts = []
    if since is None or since > here:
        doubts.append(Reason(code="since", text=f"since: “{day}” is no day up to today"))
    if stage is None:
        known = ", ".join((*source.stages, *Stage))
        doubts.append(Reason(code="stage", text=f"stage: “{word}” is none of {known}"))
    touch = submission.touch
    return submission.but(
        past=past,
        touch=touch and touch.but(at=past.since),
        unreadable=(*submission.unreadable, *doubts),
    )


def _stage(said: str, source: FileSource) -> Stage | None:
    """By the source's words, else by ours; not told is new."""
    words = {word.casefold(): stage for word, stage in source.stages.items()}
    ours = {str(stage): stage for stage in Stage}
    return {"": Stage.NEW, **ours, **words}.get(said.casefold())


def _history(said: str, since: datetime, source: FileSource) -> Iterator[HistoryNote]:
    """A note for each line that begins with a day; lines without one belong to the one before."""
    notes: list[tuple[datetime, list[str]]] = []
    for line in filter(None, map(str.strip, said.splitlines())):
        found = MOMENT.match(line)
        at = _moment(found[0], source) if found else None
        if found and at and len(notes) < MOST_NOTES:
            notes.append((at, [line[found.end() :].lstrip(" :–—-")]))
        elif notes:
            notes[-1][1].append(line)
        else:
            notes.append((since, [line]))
    for at, lines in notes:
        yield HistoryNote(at=at, text="\n".join(lines))


def _moment(said: str, source: FileSource) -> datetime | None:
    """What says no zone is UTC. None: no moment, or one that could be two."""
    found = MOMENT.fullmatch(said)
    day = _day(found["day"], source) if found else None
    if found is None or day is None:
        return None
    zone = (found["zone"] or "Z").replace("Z", "+00:00")
    clock = (found["clock"] or "00:00").zfill(5)
    try:
        return datetime.fromisoformat(f"{day}T{clock}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(said: str, source: FileSource) -> str | None:
    """As ISO 8601 writes it."""
    if "-" in said:
        return said
    first, second, year = re.split(r"[./]", said)
    if "/" in said:
        if source.dates == "month" or (source.dates is None and int(second) > 12):
            first, second = second, first
        elif source.dates is None and int(first) <= 12 and first != second:
            return None
    return f"{year}-{int(second):02d}-{int(first):02d}"
