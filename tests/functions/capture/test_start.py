"""The door's start is what people wait for: it loads what a post needs and no more."""

from importlib import import_module
from inspect import signature

import pytest

from capture.lazy_routes import TARGETS
from tests.functions.start import modules_loaded_by

# Modules of the deciding functions, and of doors that few people use.
NOT_FOR_A_POST = (
    "leadloop.playbook.model",
    "leadloop.playbook.compiled",
    "leadloop.intake.policy",
    "leadloop.policy",
    "leadloop.model.lead",
    "leadloop.store",
    "leadloop.decide",
    "leadloop.providers",
    "leadloop.intake.webhooks.read",
    "capture.form_page",
    "capture.hooks",
    "capture.visits",
    "leadloop.content.form_page",
    "leadloop.content.templates",
    "leadloop.model.form",
    "python_multipart",
    "phonenumbers",
    "lxml",
    "liquid",
)


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    return modules_loaded_by("capture")


@pytest.mark.parametrize("module", NOT_FOR_A_POST)
def test_the_public_door_starts_without_what_a_post_does_not_need(
    loaded: frozenset[str], module: str
) -> None:
    assert "capture.forms" in loaded
    assert module not in loaded


@pytest.mark.parametrize(("path", "target"), [row[1:] for row in TARGETS])
def test_a_lazy_route_names_a_function_of_its_paths_values_and_the_request(
    path: str, target: str
) -> None:
    module, _, name = target.partition(".")
    parameters = signature(getattr(import_module(f"capture.{module}"), name)).parameters
    assert len(parameters) == path.count("<") + 1
