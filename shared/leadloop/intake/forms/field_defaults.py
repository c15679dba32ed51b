"""What a form's fields are called where its playbook does not say, and what they take."""

from leadloop.model.field_kind import FieldKind

LABELS: dict[str, dict[str, str]] = {
    "contact.email": {"en": "E-mail", "de": "E-Mail", "pl": "E-mail"},
    "contact.phone": {"en": "Phone", "de": "Telefon", "pl": "Telefon"},
    "contact.name": {"en": "Name", "de": "Name", "pl": "Imię i nazwisko"},
    "contact.first_name": {"en": "First name", "de": "Vorname", "pl": "Imię"},
    "contact.last_name": {"en": "Last name", "de": "Nachname", "pl": "Nazwisko"},
    "contact.company": {"en": "Company", "de": "Firma", "pl": "Firma"},
    "contact.job_title": {"en": "Job title", "de": "Position", "pl": "Stanowisko"},
    "contact.country": {"en": "Country", "de": "Land", "pl": "Kraj"},
    "contact.region": {"en": "Region", "de": "Region", "pl": "Region"},
    "contact.city": {"en": "City", "de": "Ort", "pl": "Miejscowość"},
    "contact.street": {"en": "Street", "de": "Straße", "pl": "Ulica"},
    "contact.postcode": {"en": "Postcode", "de": "Postleitzahl", "pl": "Kod pocztowy"},
    "contact.website": {"en": "Website", "de": "Webseite", "pl": "Strona internetowa"},
    "contact.language": {"en": "Language", "de": "Sprache", "pl": "Język"},
    "interest.product": {"en": "Product", "de": "Produkt", "pl": "Produkt"},
    "interest.message": {"en": "Message", "de": "Nachricht", "pl": "Wiadomość"},
    "interest.budget": {"en": "Budget", "de": "Budget", "pl": "Budżet"},
    "interest.employees": {"en": "Employees", "de": "Mitarbeiter", "pl": "Liczba pracowników"},
    "interest.timeframe": {"en": "When", "de": "Wann", "pl": "Kiedy"},
}
KINDS: dict[str, FieldKind] = {
    "contact.email": "email",
    "contact.phone": "tel",
    "contact.website": "text",  # few people write a whole address
    "contact.language": "hidden",  # it is the page's
    "interest.message": "textarea",
    "interest.budget": "number",
    "interest.employees": "number",
}
# The browser's words for what it may fill in by itself (WCAG 1.3.5).
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
