from collections.abc import Iterator

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from tests.call import Call
from tests.functions.house import House, house


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with house(monkeypatch) as made:
        yield made


@pytest.fixture
def context() -> LambdaContext:
    return Call()
