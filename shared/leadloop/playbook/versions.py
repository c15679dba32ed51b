"""A playbook as bytes, its version, and the differences between two playbooks."""

import hashlib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from leadloop.model.base import Model
from leadloop.model.errors import PlaybookInvalid
from leadloop.playbook.model import Playbook
from leadloop.policy.patterns import PUBLISHED


class Difference(Model):
    """One value that is not the same; None where there is none. `path` is dotted."""

    path: str
    before: str | None
    after: str | None


def stamp_version(playbook: Playbook) -> Playbook:
    """A copy whose version is the first 12 hex digits of the SHA-256 of its content."""
    content = playbook.model_dump_json(exclude={"version"}).encode()
    return playbook.but(version=hashlib.sha256(content).hexdigest()[:12])


def dump(playbook: Playbook) -> bytes:
    """The JSON bytes that are published."""
    return playbook.model_dump_json().encode()


def parse(content: bytes) -> Playbook:
    """The playbook of published JSON bytes.

    Raises:
        PlaybookInvalid: this code does not understand them; each fault names its place.

    """
    try:
        return Playbook.model_validate_json(content, context=PUBLISHED)
    except ValidationError as error:
        faults = (
            f"{'.'.join(map(str, each['loc'])) or 'playbook'}: {each['msg']}"
            for each in error.errors()
        )
        raise PlaybookInvalid(tuple(faults)) from None


def diff(before: Playbook, after: Playbook) -> tuple[Difference, ...]:
    """Every value that differs. Rows of a list are matched by their ids, not by their places."""
    old, new = (dict(_leaves(each.model_dump(mode="json"))) for each in (before, after))
    return tuple(
        Difference(path=path, before=old.get(path), after=new.get(path))
        for path in dict.fromkeys((*old, *new))
        if path != "version" and old.get(path) != new.get(path)
    )


def _leaves(value: Any, path: str = "") -> list[tuple[str, str]]:  # noqa: ANN401 - plain JSON
    rows: Mapping[str, Any]
    match value:
        case dict():
            rows = value
        case list():
            rows = {_row_name(n, row): row for n, row in enumerate(value)}
        case None:
            return []
        case _:
            return [(path, str(value))]
    dot = "." if path else ""
    return [leaf for name, row in rows.items() for leaf in _leaves(row, f"{path}{dot}{name}")]


def _row_name(n: int, row: Any) -> str:  # noqa: ANN401 - plain JSON
    return str(row["id"]) if isinstance(row, dict) and "id" in row else str(n)
