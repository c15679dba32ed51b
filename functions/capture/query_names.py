"""Names in the query of a public door that nothing takes: refused nowhere, and kept."""

import re
from itertools import islice

from leadloop.edge.http import Request

MOST_NAMES = 50
# A name that a program made. Any other may hold what a person is called.
PROGRAM_NAME = re.compile(r"[\w.\[\]-]{1,100}", re.ASCII)
OTHER_NAME = "?…"


def list_names(request: Request) -> tuple[str, ...]:
    """The names in a query, as `?name`, without their values: these may name a person."""
    names = (
        f"?{name}" if PROGRAM_NAME.fullmatch(name) else OTHER_NAME
        for name in islice(request.query, MOST_NAMES)
    )
    return tuple(dict.fromkeys(names))
