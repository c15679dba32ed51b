from collections.abc import Iterator

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from tests.functions.aws_fixture import House, house
from tests.lambda_context import Call


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    with house(monkeypatch) as made:
        yield made


@pytest.fixture
def context() -> LambdaContext:
    return Call()
