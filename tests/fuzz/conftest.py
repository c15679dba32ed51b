import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.functions.house import House, house

FULL = bool(os.environ.get("FULL"))
# Inputs per subject: together 20,000 with FULL=1, a tenth of it in `make test`.
settings.register_profile(
    "fuzz",
    deadline=None,
    print_blob=True,
    derandomize=not FULL,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("fuzz")


@pytest.fixture(scope="module")
def home() -> Iterator[House]:
    """One for all inputs of a subject: they meet what earlier ones left."""
    with pytest.MonkeyPatch.context() as patch, house(patch) as made:
        yield made
