import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from tests.functions.admin.desk import Desk
from tests.functions.aws_fixture import AwsFixture


@pytest.fixture
def desk(home: AwsFixture, context: LambdaContext) -> Desk:
    return Desk(home, context)
