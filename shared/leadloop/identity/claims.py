"""The values by which a person is recognised: mail address, phone, a portal's conversation."""

from collections.abc import Collection

from leadloop.model.claim import ClaimRef
from leadloop.model.contact import Contact


def claims_of(
    contact: Contact, shared: Collection[str], conversation: ClaimRef | None = None
) -> tuple[ClaimRef, ...]:
    """The claims of a normalised contact, without those that several people share.

    `shared` holds local parts (`info`), domains (`@relay.example`) and phones in E.164. Role and
    relay addresses and switchboards claim nothing. `conversation` is a portal's address for one
    conversation: it is not the person's own, but the same person writes there.
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
