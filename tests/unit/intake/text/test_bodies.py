"""“Name” beside a first or a last name is the other half, in every language that says it so."""

import pytest

from leadloop.intake.fields.mapping import build_parts, missing_field_reasons


@pytest.mark.parametrize(
    ("sent", "first", "last"),
    [
        ({"first_name": "Chloé", "name": "Lefèvre"}, "Chloé", "Lefèvre"),  # Prénom, Nom
        ({"name": "María José", "last_name": "Núñez"}, "María José", "Núñez"),  # Nombre, Apellidos
        ({"name": "João", "last_name": "Gonçalves"}, "João", "Gonçalves"),
        ({"first_name": "Jürgen", "name": "von der Heide"}, "Jürgen", "von der Heide"),
    ],
)
def test_a_name_beside_half_of_it_is_the_other_half(
    sent: dict[str, str], first: str, last: str
) -> None:
    parts, faults = build_parts({f"contact.{name}": text for name, text in sent.items()})
    assert (parts.contact.first_name, parts.contact.last_name) == (first, last)
    assert parts.contact.name is None
    assert faults == ()
    assert missing_field_reasons(["name"], parts, {}) == []


@pytest.mark.parametrize(
    "sent",
    [
        {"first_name": "Ada", "name": "Ada Byron"},
        {"last_name": "Byron", "name": "Ada BYRON"},
        {"first_name": "Ada", "last_name": "Byron", "name": "Lady Lovelace"},
        {"name": "Ada Byron"},
    ],
)
def test_a_name_that_is_all_of_it_stays(sent: dict[str, str]) -> None:
    parts, _ = build_parts({f"contact.{name}": text for name, text in sent.items()})
    assert parts.contact.model_dump(exclude_none=True) == sent
