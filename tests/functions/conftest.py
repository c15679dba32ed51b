from collections.abc import Iterator

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from tests.functions.admin.desk import Desk
from tests.functions.aws_fixture import AwsFixture, open_aws_fixture
from tests.lambda_context import FakeLambdaContext


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsFixture]:
    with open_aws_fixture(monkeypatch) as made:
        yield made


@pytest.fixture
def context() -> LambdaContext:
    return FakeLambdaContext()


@pytest.fixture
def desk(home: AwsFixture, context: LambdaContext) -> Desk:
    return Desk(home, context)
