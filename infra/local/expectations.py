"""Expected outcomes of the samples of `events/`: the data beside each file, and the comparison.

Two users share the model. The unit test feeds the file to the handler and compares the answer. The
laptop run sends the same file through the real door, and compares the outcome too.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

SUFFIX = ".expect.yaml"


class Expectation(BaseModel):
    """`<case>.expect.yaml`; fields that it does not name are not compared.

    `status` and `answer_contains` are about the door's answer; the rest is known when the
    submission has its outcome. `owner` is a rep's id ("" for nobody); `one_of` replaces it where
    several reps are equal. Each text of `reasons_contain` must be in a reason or its code. Each of
    `mail_contains` must be in one mail to `mail_to` about this lead. `after` names the case
    (`<case>` or `<function>/<case>`) that must have its outcome before. With `same_answer` the
    answer must equal that case's, byte for byte.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: int | None = None
    answer_contains: tuple[str, ...] = ()
    outcome: str | None = None
    rating: str | None = None
    stage: str | None = None
    pool: str | None = None
    owner: str | None = None
    one_of: tuple[str, ...] = ()
    reasons_contain: tuple[str, ...] = ()
    contact: Mapping[str, str] = {}
    mail_to: str | None = None
    mail_contains: tuple[str, ...] = ()
    after: str | None = None
    same_answer: bool = False

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.owner is not None and self.one_of:
            raise ValueError("owner and one_of exclude each other")
        if self.same_answer and not self.after:
            raise ValueError("same_answer needs the case named by after")
        if self.mail_contains and not self.mail_to:
            raise ValueError("mail_contains needs mail_to")
        return self

    @property
    def awaits_outcome(self) -> bool:
        """Is anything expected beyond the door's answer?"""
        beyond = (self.outcome, self.rating, self.stage, self.pool, self.owner, self.mail_to)
        return any(beyond) or bool(self.one_of or self.reasons_contain or self.contact)


class Observation(BaseModel):
    """The actual outcome; None where it was not read."""

    model_config = ConfigDict(frozen=True)

    status: int | None = None
    answer: str = ""
    outcome: str | None = None
    rating: str | None = None
    stage: str | None = None
    pool: str | None = None
    owner: str | None = None
    reasons: tuple[str, ...] = ()
    contact: Mapping[str, str] = {}
    mails: tuple[str, ...] = ()  # texts of those to `mail_to`

    def but(self, **changes: object) -> Self:
        return self.model_copy(update=changes)


class ExpectationInvalid(Exception):
    """An expect.yaml cannot be read; the message names the file and the field."""


def read_expectation(sample: Path) -> Expectation:
    """The expectation in the file beside a sample.

    Raises:
        ExpectationInvalid: the file is missing or wrong.

    """
    path = sample.with_name(sample.stem + SUFFIX)
    try:
        return Expectation.model_validate(yaml.safe_load(path.read_text()) or {})
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ExpectationInvalid(f"{path}: {error}") from error


def compare_result(expected: Expectation, actual: Observation) -> tuple[str, ...]:
    """Each difference in words; empty if all is as expected."""
    return tuple(_result_differences(expected, actual))


def compare_answer(expected: Expectation, actual: Observation) -> tuple[str, ...]:
    """The differences in the door's answer alone; for tests of one handler."""
    return tuple(_answer_differences(expected, actual))


def _result_differences(expected: Expectation, actual: Observation) -> Iterator[str]:
    yield from _answer_differences(expected, actual)
    for name in ("outcome", "rating", "stage", "pool"):
        yield from _difference(name, getattr(expected, name), getattr(actual, name))
    if expected.owner is not None:
        yield from _difference("owner", expected.owner, actual.owner or "")
    if expected.one_of and actual.owner not in expected.one_of:
        yield f"owner is {actual.owner}, expected one of {', '.join(expected.one_of)}"
    for name, value in expected.contact.items():
        yield from _difference(f"contact.{name}", value, actual.contact.get(name))
    for text in expected.reasons_contain:
        if not any(text in reason for reason in actual.reasons):
            yield f"no reason contains “{text}” in {list(actual.reasons)}"
    yield from _mail_differences(expected, actual)


def _answer_differences(expected: Expectation, actual: Observation) -> Iterator[str]:
    yield from _difference("status", expected.status, actual.status)
    for text in expected.answer_contains:
        if text not in actual.answer and text not in _unescaped(actual.answer):
            yield f"the answer does not contain “{text}”: {actual.answer[:300]}"


def _unescaped(answer: str) -> str:
    r"""The same JSON with letters instead of escapes: `\u0e2a` and ส mean the same."""
    try:
        return json.dumps(json.loads(answer), ensure_ascii=False, separators=(",", ":"))
    except ValueError:
        return answer


def _mail_differences(expected: Expectation, actual: Observation) -> Iterator[str]:
    if expected.mail_to is None:
        return
    if not actual.mails:
        yield f"no mail to {expected.mail_to}"
    elif not any(all(text in mail for text in expected.mail_contains) for mail in actual.mails):
        yield f"no mail to {expected.mail_to} contains {list(expected.mail_contains)}"


def _difference(name: str, expected: object, actual: object) -> Iterator[str]:
    if expected is not None and expected != actual:
        yield f"{name} is {actual}, expected {expected}"
