"""A contact as given becomes a contact as the rest of the product knows it, with what was found."""

from functools import lru_cache

from leadloop.model.base import Model, Reason
from leadloop.model.contact import Contact
from leadloop.quality.country import country_code, country_name
from leadloop.quality.email import parse_email
from leadloop.quality.person_name import build_person_name, normalise_nfc
from leadloop.quality.phone import parse_phone

MOST_QUOTED = 40  # characters of a refused value that a reason quotes


class ContactFindings(Model):
    """`*_valid` is None where nothing was given. `suggestion` is the address perhaps meant."""

    phone_valid: bool | None = None
    phone_type: str | None = None
    phone_region: str | None = None
    email_valid: bool | None = None
    email_domain: str | None = None
    free_mail: bool = False
    role_address: bool = False
    disposable: bool = False
    suggestion: str | None = None
    reasons: tuple[Reason, ...] = ()


class NormalisedContact(Model):
    """What is not valid is left out of `contact`; its reason quotes it."""

    contact: Contact
    findings: ContactFindings


@lru_cache(maxsize=256)  # one decision asks several times: again when facts came, for each view
def normalise_contact(contact: Contact, country: str, language: str) -> NormalisedContact:
    """Normal forms and findings; `country` and `language` are those of the source.

    Cleaning a clean contact changes nothing.
    """
    own = country_code(contact.country) if contact.country else None
    spoken = _primary_language(contact.language)
    name = build_person_name(
        contact.name,
        contact.first_name,
        contact.last_name,
        frozenset({own or country, spoken or _primary_language(language) or ""}),
    )
    phone, phone_found = _normalise_phone(contact.phone, own, country)
    email, email_found = _normalise_email(contact.email)
    reasons = (*phone_found.reasons, *email_found.reasons)
    return NormalisedContact(
        contact=contact.but(
            email=email,
            phone=phone,
            name=name.full,
            first_name=name.first,
            last_name=name.last,
            company=normalise_nfc(contact.company),
            country=own or contact.country,
            language=spoken,
        ),
        findings=email_found.but(
            phone_valid=phone_found.phone_valid,
            phone_type=phone_found.phone_type,
            phone_region=phone_found.phone_region,
            reasons=reasons,
        ),
    )


def _normalise_phone(
    text: str | None, own: str | None, country: str
) -> tuple[str | None, ContactFindings]:
    if not text:
        return None, ContactFindings()
    phone = parse_phone(text, tuple(dict.fromkeys(region for region in (own, country) if region)))
    if phone is None:
        quoted = text[:MOST_QUOTED]
        reason = Reason(
            code="phone_invalid",
            text=f"Phone “{quoted}” is not a number of {country_name(own or country)}",
        )
        return None, ContactFindings(phone_valid=False, reasons=(reason,))
    return phone.e164, ContactFindings(
        phone_valid=True, phone_type=phone.type, phone_region=phone.region
    )


def _normalise_email(text: str | None) -> tuple[str | None, ContactFindings]:
    if not text:
        return None, ContactFindings()
    email = parse_email(text)
    if email is None:
        quoted = text[:MOST_QUOTED]
        reason = Reason(code="email_invalid", text=f"E-mail “{quoted}” is not an address")
        return None, ContactFindings(email_valid=False, reasons=(reason,))
    reasons = []
    if email.disposable:
        reasons.append(
            Reason(code="email_disposable", text=f"{email.domain} gives addresses to throw away")
        )
    return email.address, ContactFindings(
        email_valid=True,
        email_domain=email.domain,
        free_mail=email.free_mail,
        role_address=email.role,
        disposable=email.disposable,
        suggestion=email.suggestion,
        reasons=tuple(reasons),
    )


def _primary_language(language: str | None) -> str | None:
    """`pt` of "pt-BR" or "PT_br"."""
    return (
        language.replace("_", "-").partition("-")[0].strip().lower() or None if language else None
    )
