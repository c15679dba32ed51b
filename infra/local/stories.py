"""Stories: what happens to one person over weeks, as data in `events/stories/<name>.yaml`.

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

from infra.local.expectations import Expectation, ExpectationInvalid, Observation, compare_result
from leadloop.model.lead import TimerKind


class StrictModel(BaseModel):
    """Base of what a file may say: unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class StepExpectation(Expectation):
    """What a sample may expect, and what only a story can.

    `happened` are events in this order, with others between them; `owner_changed` compares with the
    owner before the step; `mails` counts those to `mail_to`; `content_type` is the answer's.
    `raw_kept`: the admin API returns the submission byte for byte.
    """

    cycle: int | None = None
    enrolled: bool | None = None
    opportunities: tuple[str, ...] | None = None
    owner_changed: bool | None = None
    happened: tuple[str, ...] = ()
    mails: int | None = None
    content_type: str | None = None
    raw_kept: bool = False


class StoryStep(StrictModel):
    """One action, named by its first field; without one the step only reads again."""

    expect: StepExpectation = StepExpectation()


class FormStep(StoryStep):
    """Posted as the form's own page does."""

    form: str
    fields: Mapping[str, Any]


class PartnerStep(StoryStep):
    """Posted with the key of that partner."""

    partner: str
    fields: Mapping[str, Any]


class MailStep(StoryStep):
    r"""`mail` is the recipient; `raw` has one character a byte (`"\xff"`), and plain line ends."""

    mail: str
    sender: str
    raw: str

    @property
    def content(self) -> bytes:
        """With the line ends of SMTP."""
        lines = self.raw.removesuffix("\n").split("\n")
        return "".join(f"{line}\r\n" for line in lines).encode("latin-1")


class FileStep(StoryStep):
    """`rows` are imported as a file of that source; its first row is observed.

    `through` names the partner that sends it; else an admin does, and confirms `meaning`.
    """

    file: str
    rows: str
    through: str | None = None
    meaning: Mapping[str, str] = {}


class AdminStep(StoryStep):
    """`METHOD /path` below /admin/v1, with `fields` as its body."""

    admin: str
    fields: Mapping[str, Any] = {}


class PollStep(StoryStep):
    """The feeds that are due are polled; an entry is observed, by its source and guid."""

    poll: str
    entry: str


class TravelStep(StoryStep):
    """That timer of the lead becomes due, and is worked."""

    travel: TimerKind


class ClickStep(StoryStep):
    """The link of the newest mail that contains the text; its page's script confirms."""

    click: str


class OpenLinksStep(StoryStep):
    """Every link of that mail is opened, as a scanner does."""

    look: str


class UnsubscribeStep(StoryStep):
    """The one-click unsubscribe that a mail program posts (RFC 8058)."""

    stop: str


class ReplyStep(StoryStep):
    """The person answers the newest mail that contains the text, as mail programs do."""

    reply: str
    said: str


class AcceptStep(StoryStep):
    """The rep opens the link in the mail that contains the text, and presses the button."""

    accept: str


class ContractStep(StoryStep):
    """A new partner: `burst` calls at once, then one in `every` seconds."""

    contract: str
    source: str
    burst: int
    every: float


AnyStoryStep = (
    FormStep
    | PartnerStep
    | MailStep
    | FileStep
    | AdminStep
    | PollStep
    | TravelStep
    | ClickStep
    | OpenLinksStep
    | UnsubscribeStep
    | ReplyStep
    | AcceptStep
    | ContractStep
    | StoryStep
)


class Story(StrictModel):
    """One file; `about` is one sentence for people."""

    name: str
    about: str
    steps: tuple[AnyStoryStep, ...] = Field(min_length=1)


class StepObservation(StrictModel):
    """The state after a step; None where it was not read."""

    actual: Observation
    cycle: int | None = None
    enrolled: bool | None = None
    opportunities: tuple[str, ...] | None = None
    owner_changed: bool | None = None
    happened: tuple[str, ...] = ()
    content_type: str | None = None
    raw_kept: bool = False


def read_stories(events: Path) -> tuple[Story, ...]:
    """All stories, by name.

    Raises:
        ExpectationInvalid: one cannot be read; the message names the file and the field.

    """
    return tuple(read_story(path) for path in sorted(events.glob("stories/*.yaml")))


def read_story(path: Path) -> Story:
    """The story in a file.

    Raises:
        ExpectationInvalid: it cannot be read.

    """
    try:
        content = yaml.safe_load(path.read_text())
        return Story.model_validate({"name": f"stories/{path.stem}", **content})
    except (OSError, TypeError, ValidationError, yaml.YAMLError) as error:
        raise ExpectationInvalid(f"{path}: {error}") from error


def compare_step(expected: StepExpectation, after: StepObservation) -> tuple[str, ...]:
    """Each difference in words; empty if all is as expected."""
    return (*compare_result(expected, after.actual), *_step_differences(expected, after))


def _step_differences(expected: StepExpectation, after: StepObservation) -> Iterator[str]:
    for name in ("cycle", "enrolled", "opportunities", "owner_changed", "content_type"):
        wanted, actual = getattr(expected, name), getattr(after, name)
        if wanted is not None and wanted != actual:
            yield f"{name} is {actual}, expected {wanted}"
    events = iter(after.happened)
    if not all(event in events for event in expected.happened):
        yield f"happened {list(after.happened)}, expected {list(expected.happened)} in that order"
    if expected.mails is not None and len(after.actual.mails) != expected.mails:
        yield f"{len(after.actual.mails)} mails to {expected.mail_to}, expected {expected.mails}"
    if expected.raw_kept and not after.raw_kept:
        yield "the raw bytes are not those that were sent"
