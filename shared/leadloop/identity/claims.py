"""Which values of a contact may stand for the person."""

from collections.abc import Collection

from leadloop.model.contact import Contact
from leadloop.model.facts import ClaimRef


def claims_of(
    contact: Contact, shared: Collection[str], conversation: ClaimRef | None = None
) -> tuple[ClaimRef, ...]:
    """The normalised e-mail and phone, unless listed as shared by several people.

    `shared` holds local parts (`info`), domains (`@relay.example`) and phones in E.164: role and
    relay addresses and switchboards claim nothing. A `conversation` is no address of the person,
    but whoever writes in it again is the same.
    """
    claims = []
    if contact.email:
        local, _, domain = contact.email.rpartition("@")
        if local not in shared and f"@{domain}" not in shared:
            claims.append(ClaimRef("email", contact.email))
    if contact.phone and contact.phone not in shared:
        claims.append(ClaimRef("phone", contact.phone))
    if conversation is not None and f"@{conversation.value.rpartition('@')[2]}" not in shared:
        claims.append(conversation)
    return tuple(claims)
