"""The list of readers names every reader that writes its name into a record."""

import re
from pathlib import Path

import leadloop
from leadloop.intake.replay import PARSERS

SOURCES = Path(leadloop.__file__).parent.rglob("*.py")


def test_every_reader_can_be_asked_for() -> None:
    found = {
        name
        for path in SOURCES
        for name in re.findall(r'PARSER = "([a-z_]+)/\d+"', path.read_text("utf-8"))
    }
    assert found == PARSERS
