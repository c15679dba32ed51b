"""Where a browser goes after a post: the form's own page, or one at an allowed origin."""

import re
from collections.abc import Mapping

from leadloop.intake.public_sources import PublicForm

THANK_YOU_FIELD = "thank_you"  # the field by which a page names its own address
# Group 1 is the origin. No user, backslash, blank or control character: two programs might read
# those differently, and send the person elsewhere.
WEB_ADDRESS = re.compile(r"(https?://[a-z0-9.-]+(?::\d{1,5})?)(?:[/?#][!-\[\]-~]*)?")


def redirect_target(document: Mapping[str, object], source: PublicForm) -> str | None:
    """The address for the browser; None: we thank on our own page.

    A post may name one at an allowed origin; else it is the form's own `thank_you`.
    """
    requested = document.get(THANK_YOU_FIELD)
    if isinstance(requested, str) and _origin(requested) in _allowed_origins(source):
        return requested
    return source.thank_you


def _allowed_origins(source: PublicForm) -> frozenset[str]:
    form_origin = _origin(source.thank_you or "")
    return frozenset({*source.allowed_origins, *([form_origin] if form_origin else ())})


def _origin(address: str) -> str | None:
    match = WEB_ADDRESS.fullmatch(address)
    return match[1] if match else None
