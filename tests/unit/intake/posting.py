"""A form as its tests post it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from leadloop.intake.envelope import Envelope
from leadloop.intake.forms.read import check_form
from leadloop.intake.policy import FormSource
from leadloop.model import errors
from leadloop.model.submission import Submission

VALID_FIELDS = {"email": "ada@acme.example", "consent": True}


def read_post(
    enveloped: Callable[..., Envelope], form: FormSource, values: Any, **more: Any
) -> Submission:
    body = json.dumps(values).encode()
    return check_form(enveloped(body, **more), body, form)


def read_refusals(
    enveloped: Callable[..., Envelope], form: FormSource, values: Any
) -> dict[str, str]:
    with pytest.raises(errors.FieldsInvalid) as caught:
        read_post(enveloped, form, values)
    return {reason.text.partition(":")[0]: reason.code for reason in caught.value.reasons}
