"""How a form asks for one of our fields, where the playbook does not say it otherwise."""

import json
from importlib.resources import files

from leadloop.model.field_kind import FieldKind

# Our full name → language (ISO 639) → label. Translators edit the JSON file.
LABELS: dict[str, dict[str, str]] = json.loads(
    files("leadloop.intake.forms").joinpath("field_labels.json").read_text("utf-8")
)
KINDS: dict[str, FieldKind] = {
    "contact.email": "email",
    "contact.phone": "tel",
    "contact.website": "text",  # "url" refuses "example.com", which people write
    "contact.language": "hidden",  # its value is the language of the page
    "interest.message": "textarea",
    "interest.budget": "number",
    "interest.employees": "number",
}
# The `autocomplete` value by which a browser fills in a field. Source: HTML, WCAG 2.1 SC 1.3.5.
AUTOCOMPLETE = {
    "contact.email": "email",
    "contact.phone": "tel",
    "contact.name": "name",
    "contact.first_name": "given-name",
    "contact.last_name": "family-name",
    "contact.company": "organization",
    "contact.job_title": "organization-title",
    "contact.country": "country-name",
    "contact.region": "address-level1",
    "contact.city": "address-level2",
    "contact.street": "street-address",
    "contact.postcode": "postal-code",
    "contact.website": "url",
}
