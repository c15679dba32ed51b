"""A worker's start loads no reader before something comes by it."""

import pytest

from tests.functions.start import modules_loaded_by

UNTIL_ASKED = (
    "leadloop.intake.forms.read",
    "leadloop.intake.mail.read",
    "leadloop.intake.tables",
    "leadloop.intake.webhooks.read",
    "leadloop.intake.formats.adf",
    "leadloop.providers",
    "lxml",
    "email_validator",
)


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    return modules_loaded_by("qualify")


@pytest.mark.parametrize("module", UNTIL_ASKED)
def test_the_worker_starts_without_what_may_never_come(loaded: frozenset[str], module: str) -> None:
    assert "leadloop.intake.read" in loaded
    assert module not in loaded
