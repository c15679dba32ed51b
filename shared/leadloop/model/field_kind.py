"""How a field of a form is filled in. Every door imports it; few import the form itself."""

from typing import Literal

FieldKind = Literal[
    "text", "email", "tel", "url", "number", "date", "textarea", "select", "checkbox", "hidden",
    "file",
]  # fmt: skip
