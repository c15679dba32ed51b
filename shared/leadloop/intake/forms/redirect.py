"""Where a browser goes after a post: the form's own page, or one at an allowed origin."""

import re
from collections.abc import Mapping

from leadloop.intake.public_sources import PublicForm

THANK_YOU_FIELD = "thank_you"  # the field by which a page names its own
# No user, no backslash, no blank, no control sign: nothing that two readers read differently.
WEB_ADDRESS = re.compile(r"(https?://[a-z0-9.-]+(?::\d{1,5})?)(?:[/?#][!-\[\]-~]*)?")


def redirect_target(document: Mapping[str, object], source: PublicForm) -> str | None:
    """An address to send the browser to, or None: then we thank on a page of our own."""
    wished = document.get(THANK_YOU_FIELD)
    if isinstance(wished, str) and _origin(wished) in _allowed_origins(source):
        return wished
    return source.thank_you


def _allowed_origins(source: PublicForm) -> frozenset[str]:
    own = _origin(source.thank_you or "")
    return frozenset({*source.allowed_origins, *([own] if own else ())})


def _origin(address: str) -> str | None:
    found = WEB_ADDRESS.fullmatch(address)
    return found[1] if found else None
