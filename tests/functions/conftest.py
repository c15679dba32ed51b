from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from tests.functions.house import House, house


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with house(monkeypatch) as made:
        yield made


@pytest.fixture
def context() -> SimpleNamespace:
    return SimpleNamespace(
        aws_request_id="r-1",
        function_name="f",
        memory_limit_in_mb=1024,
        get_remaining_time_in_millis=lambda: 300_000,
        invoked_function_arn="arn:aws:lambda:us-east-1:123456789012:function:f",
    )
