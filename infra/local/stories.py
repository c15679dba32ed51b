"""What happens to one person over weeks, as data: `events/stories/<name>.yaml`.

    about: A lost deal comes back
    steps:
      - form: machines-quote
        fields: {email: ada@nordwerk.example, …}
        expect: {outcome: lead, stage: qualified}
      - accept: 'To: {owner}@'      # the link in the newest mail that contains this
        expect: {status: 200, stage: accepted}
      - admin: POST /leads/{lead}/convert
      - admin: POST /opportunities/{lead}-1/lost
        fields: {reason: timing}
      - travel: recycle             # the time passes that the lead waits for
        expect: {stage: qualified, cycle: 2}

Texts may hold `{lead}`, `{submission}`, `{owner}` and `{before}`, the owner before this one.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from infra.local.expectations import Actual, Expectation, ExpectationInvalid, faults
from leadloop.model.lead import TimerKind


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Then(Expectation):
    """What a sample may expect, and what only time shows.

    `happened` are events in this order, whatever came between; `owner_changed` compares with the
    owner before the step; `mails` counts those to `mail_to`; `content_type` is the answer's;
    `raw_kept`: the admin API gives the submission back byte for byte.
    """

    cycle: int | None = None
    enrolled: bool | None = None
    opportunities: tuple[str, ...] | None = None
    owner_changed: bool | None = None
    happened: tuple[str, ...] = ()
    mails: int | None = None
    content_type: str | None = None
    raw_kept: bool = False


class Step(Strict):
    """One act, named by its first field; without one it only looks again."""

    expect: Then = Then()


class Form(Step):
    """Posted as the form's own page does."""

    form: str
    fields: Mapping[str, Any]


class Partner(Step):
    """Posted with the key of that partner."""

    partner: str
    fields: Mapping[str, Any]


class Mail(Step):
    r"""`mail` is the recipient; `raw` has one character a byte (`"\xff"`), and plain line ends."""

    mail: str
    sender: str
    raw: str

    @property
    def content(self) -> bytes:
        """With the line ends of SMTP."""
        lines = self.raw.removesuffix("\n").split("\n")
        return "".join(f"{line}\r\n" for line in lines).encode("latin-1")


class File(Step):
    """`rows` sent as a file of that source, and followed to its end; its first row is looked at.

    `through` names a partner that sends it; else an admin does, and confirms `meaning`.
    """

    file: str
    rows: str
    through: str | None = None
    meaning: Mapping[str, str] = {}


class Admin(Step):
    """`METHOD /path` below /admin/v1, with `fields` as its body."""

    admin: str
    fields: Mapping[str, Any] = {}


class Poll(Step):
    """The feeds that are due are polled; what is looked at is an entry, by its source and guid."""

    poll: str
    entry: str


class Travel(Step):
    """That timer of the lead comes, and is worked."""

    travel: TimerKind


class Click(Step):
    """The link of the newest mail that contains the text; its page's script confirms."""

    click: str


class Look(Step):
    """Every link of that mail is opened, as a scanner does."""

    look: str


class Stop(Step):
    """The one-click unsubscribe that a mail program posts (RFC 8058)."""

    stop: str


class Reply(Step):
    """The person answers the newest mail that contains the text, as mail programs do."""

    reply: str
    said: str


class Accept(Step):
    """The rep opens the link in the mail that contains the text, and presses the button."""

    accept: str


class Contract(Step):
    """A new partner: `burst` calls at once, then one in `every` seconds."""

    contract: str
    source: str
    burst: int
    every: float


AnyStep = (
    Form
    | Partner
    | Mail
    | File
    | Admin
    | Poll
    | Travel
    | Click
    | Look
    | Stop
    | Reply
    | Accept
    | Contract
    | Step
)


class Story(Strict):
    name: str
    about: str
    steps: tuple[AnyStep, ...] = Field(min_length=1)


class After(Strict):
    """What was seen after a step; None where it was not looked at."""

    actual: Actual
    cycle: int | None = None
    enrolled: bool | None = None
    opportunities: tuple[str, ...] | None = None
    owner_changed: bool | None = None
    happened: tuple[str, ...] = ()
    content_type: str | None = None
    raw_kept: bool = False


def stories(events: Path) -> tuple[Story, ...]:
    """By name; raises `ExpectationInvalid`, which names the file and the field."""
    return tuple(story(path) for path in sorted(events.glob("stories/*.yaml")))


def story(path: Path) -> Story:
    try:
        said = yaml.safe_load(path.read_text())
        return Story.model_validate({"name": f"stories/{path.stem}", **said})
    except (OSError, TypeError, ValidationError, yaml.YAMLError) as error:
        raise ExpectationInvalid(f"{path}: {error}") from error


def step_faults(expected: Then, after: After) -> tuple[str, ...]:
    """Each difference in words; none when all is as expected."""
    return (*faults(expected, after.actual), *_faults(expected, after))


def _faults(expected: Then, after: After) -> Iterator[str]:
    for name in ("cycle", "enrolled", "opportunities", "owner_changed", "content_type"):
        wanted, found = getattr(expected, name), getattr(after, name)
        if wanted is not None and wanted != found:
            yield f"{name} is {found}, expected {wanted}"
    left = iter(after.happened)
    if not all(event in left for event in expected.happened):
        yield f"happened {list(after.happened)}, expected {list(expected.happened)} in that order"
    if expected.mails is not None and len(after.actual.mails) != expected.mails:
        yield f"{len(after.actual.mails)} mails to {expected.mail_to}, expected {expected.mails}"
    if expected.raw_kept and not after.raw_kept:
        yield "the raw bytes are not those that were sent"
