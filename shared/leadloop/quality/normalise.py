"""The normal form of a contact, and what its values show: validity, kinds, country."""

from functools import lru_cache
from typing import NamedTuple

from leadloop.model.base import Model, Reason
from leadloop.model.contact import Contact
from leadloop.policy.country import country_code, country_name
from leadloop.quality.email import Email, parse_email
from leadloop.quality.person_name import build_person_name, normalise_nfc
from leadloop.quality.phone import Phone, parse_phone

MOST_QUOTED = 40  # characters of a refused value that a reason quotes


class ContactFindings(Model):
    """What the values of a contact show. `*_valid` is None where there was no value.

    `suggestion` is the address that was probably meant.
    """

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


class NormalisedContact(NamedTuple):
    """A contact without its invalid values; a reason in `findings` quotes each of those."""

    contact: Contact
    findings: ContactFindings


@lru_cache(maxsize=256)  # one decision asks several times: after each round of facts, per view
def normalise_contact(contact: Contact, country: str, language: str) -> NormalisedContact:
    """The contact in its normal form. `country` and `language` are those of the source.

    A normalised contact stays the same.
    """
    own_country = country_code(contact.country) if contact.country else None
    language_tag = _primary_language(contact.language)
    name = build_person_name(
        contact.name,
        contact.first_name,
        contact.last_name,
        frozenset({own_country or country, language_tag or _primary_language(language) or ""}),
    )
    phone, phone_reasons = _read_phone(
        contact.phone, own_country or (contact.country or "").strip() or country
    )
    email, email_reasons = _read_email(contact.email)
    return NormalisedContact(
        contact=contact.but(
            email=email.address if email else None,
            phone=phone.e164 if phone else None,
            name=name.full,
            first_name=name.first,
            last_name=name.last,
            company=normalise_nfc(contact.company),
            country=own_country or contact.country,
            language=language_tag,
        ),
        findings=ContactFindings(
            phone_valid=phone is not None if contact.phone else None,
            phone_type=phone.type if phone else None,
            phone_region=phone.region if phone else None,
            email_valid=email is not None if contact.email else None,
            email_domain=email.domain if email else None,
            free_mail=email is not None and email.free_mail,
            role_address=email is not None and email.role,
            disposable=email is not None and email.disposable,
            suggestion=email.suggestion if email else None,
            reasons=(*phone_reasons, *email_reasons),
        ),
    )


def _read_phone(text: str | None, country: str) -> tuple[Phone | None, tuple[Reason, ...]]:
    """The number, read in `country`: the person's, or else the source's; and why it is none.

    Where the person's country is known, a number that is wrong there is nobody's. Read in the
    source's country it may be a stranger's. A country that we do not know has no numbers of its
    own, so it needs the country code.
    """
    if not text:
        return None, ()
    phone = parse_phone(text, (country,) if country_code(country) else ())
    if phone is not None:
        return phone, ()
    quoted = text[:MOST_QUOTED]
    reason = Reason(
        code="phone_invalid",
        text=f"Phone “{quoted}” is not a number of {country_name(country)[:MOST_QUOTED]}",
    )
    return None, (reason,)


def _read_email(text: str | None) -> tuple[Email | None, tuple[Reason, ...]]:
    """The address, and what speaks against it."""
    if not text:
        return None, ()
    email = parse_email(text)
    if email is None:
        quoted = text[:MOST_QUOTED]
        return None, (Reason(code="email_invalid", text=f"E-mail “{quoted}” is not an address"),)
    if not email.disposable:
        return email, ()
    text = f"{email.domain} gives addresses to throw away"
    return email, (Reason(code="email_disposable", text=text),)


def _primary_language(language: str | None) -> str | None:
    """The language of a tag, in lower case: `pt` for "pt-BR" or "PT_br". Source: RFC 5646."""
    return (
        language.replace("_", "-").partition("-")[0].strip().lower() or None if language else None
    )
