"""The house's playbook with a second product line."""

from typing import Any

from leadloop.playbook.model import Playbook
from leadloop.playbook.versions import stamp_version

LINE = "filters"


def add_line(sections: dict[str, Any]) -> dict[str, Any]:
    """The same house, which also sells filters, with a score and a sequence of their own."""
    company, scores, sequences = (sections[name] for name in ("company", "scores", "sequences"))
    line = {**company["product_lines"][0], "id": LINE, "name": "Filters"}
    model = {**scores["pumps"], "id": "filters-1", "product_line": LINE}
    sequence = {**sequences["welcome"], "id": "filtered", "product_line": LINE}
    return {
        **sections,
        "company": {**company, "product_lines": [*company["product_lines"], line]},
        "scores": {**scores, LINE: model},
        "sequences": {**sequences, "filtered": sequence},
    }


def two_line_playbook(sections: dict[str, Any]) -> Playbook:
    """The playbook of these sections, with the second line."""
    return stamp_version(Playbook.model_validate(add_line(sections)))
