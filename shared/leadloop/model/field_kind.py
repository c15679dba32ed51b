"""How a field of a form is filled in; apart, since every door reads it and few show a form."""

from typing import Literal

FieldKind = Literal[
    "text", "email", "tel", "url", "number", "date", "textarea", "select", "checkbox", "hidden",
    "file",
]  # fmt: skip
