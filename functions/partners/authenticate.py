"""Which partner calls, by the SHA-256 of its API key."""

import hashlib

from leadloop.intake.policy import PartnerSource
from leadloop.model.errors import Forbidden
from leadloop.playbook.model import Playbook
from leadloop.store import partners
from leadloop.store.table import Table

NO_SUCH_KEY = "The header x-api-key holds no key of ours."


def authenticate_partner(key: str | None, table: Table, playbook: Playbook) -> PartnerSource:
    """The source of the partner whose key it is.

    Raises:
        Forbidden: there is no key, it is unknown, or the playbook does not list its partner.

    """
    partner = partners.get(table, hashlib.sha256(key.encode()).hexdigest()) if key else None
    source = playbook.sources.get(partner.source) if partner else None
    if not isinstance(source, PartnerSource):
        raise Forbidden(NO_SUCH_KEY)
    return source
