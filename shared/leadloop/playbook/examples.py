"""A playbook's own examples: inquiries as their sources send them, and what each must become.

`examples/<case>.yaml`:

    about: A plant manager with a budget asks for a quote
    source: machines-quote
    fields: {email: ada@mill.example, company: Mill, …}      as posted; or `mail: |` and the text
                                                             (of a file: its columns and cells)
    after: another-case                                      decided before, on the same table
    meanwhile: [accept, convert, win]                        what its owner did with that lead
    at: 2026-01-14T12:00:00Z                                 without it, a Wednesday noon
    expect: {outcome: lead, rating: hot, pool: senior, one_of: [greta], reasons_contain: [price]}

What `expect` does not name is not compared.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import ValidationError, model_validator
from pydantic_core import PydanticCustomError

from leadloop.model.base import Model
from leadloop.model.errors import PlaybookInvalid
from leadloop.playbook.yaml_document import Fault, YamlDocument, describe_error

DEFAULT_TIME = datetime(2026, 1, 14, 12, tzinfo=UTC)
MeanwhileAction = Literal["accept", "convert", "win", "disqualify"]


class ExpectedOutcome(Model):
    """What is compared. `owner` is a rep's id, "" for nobody; `one_of` lists reps who are equal."""

    outcome: Literal["lead", "merged", "quarantined", "rejected", "refused"]
    rating: str | None = None
    stage: str | None = None
    pool: str | None = None
    owner: str | None = None
    one_of: tuple[str, ...] = ()
    reasons_contain: tuple[str, ...] = ()


class Example(Model):
    """One file of `examples/`."""

    about: str
    source: str
    fields: dict[str, object] = {}
    mail: str | None = None
    after: str | None = None
    meanwhile: tuple[MeanwhileAction, ...] = ()
    at: datetime = DEFAULT_TIME
    expect: ExpectedOutcome

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        if bool(self.fields) == (self.mail is not None):
            raise PydanticCustomError("example", "is either `fields` or a `mail`")
        if self.meanwhile and self.after is None:
            raise PydanticCustomError("example", "`meanwhile` is said of the case named by `after`")
        return self


def load_examples(folder: Path) -> dict[str, Example]:
    """The examples in a playbook's folder, by case.

    Raises:
        PlaybookInvalid: a file cannot be read, or names a case that does not exist.
    """
    cases: dict[str, Example] = {}
    faults: list[Fault] = []
    documents: dict[str, YamlDocument] = {}
    for path in sorted((folder / "examples").glob("*.yaml")):
        try:
            document = YamlDocument(f"examples/{path.name}", path.read_bytes())
        except Fault as fault:
            faults.append(fault)
            continue
        documents[path.stem] = document
        try:
            cases[path.stem] = Example.model_validate(document.data)
        except ValidationError as error:
            faults += [
                document.fault_at(each["loc"], describe_error(each)) for each in error.errors()
            ]
    for case, example in cases.items():
        if example.after is not None and example.after not in documents:
            faults.append(documents[case].fault_at(["after"], f"there is no case {example.after}"))
        elif _waits_for_itself(case, cases):
            faults.append(documents[case].fault_at(["after"], "waits for itself"))
    if faults:
        raise PlaybookInvalid(tuple(map(str, faults)))
    return cases


def _waits_for_itself(case: str, cases: Mapping[str, Example]) -> bool:
    visited: set[str] = set()
    current: str | None = case
    while current is not None and current not in visited:
        visited.add(current)
        current = cases[current].after if current in cases else None
    return current is not None
