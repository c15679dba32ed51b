from types import SimpleNamespace

import pytest

from tests.functions.admin.desk import Desk
from tests.functions.house import House


@pytest.fixture
def desk(home: House, context: SimpleNamespace) -> Desk:
    return Desk(home, context)
