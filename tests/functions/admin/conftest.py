import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from tests.functions.admin.desk import Desk
from tests.functions.aws_fixture import House


@pytest.fixture
def desk(home: House, context: LambdaContext) -> Desk:
    return Desk(home, context)
