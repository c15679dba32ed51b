"""A playbook that somebody breaks, and what is said of it."""

from pathlib import Path

import pytest

from leadloop.model.errors import PlaybookInvalid
from leadloop.playbook.load import load_playbook


def load_faults(folder: Path) -> tuple[str, ...]:
    with pytest.raises(PlaybookInvalid) as refused:
        load_playbook(folder)
    return refused.value.faults


def replace_text(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
