"""The stop a person asks for at the preferences page, put before the page says it is done.

This and `commit` are the only writers of a `CONSENT#` item; both put it once, and never move it.
"""

from typing import Literal

from leadloop.model.consent import Suppression
from leadloop.store import keys
from leadloop.store.items import to_item
from leadloop.store.table import Put, Table


def put(
    table: Table, address_hash: str, scope: Literal["marketing", "all"], why: Suppression
) -> bool:
    """Put the stop; False when it was there already, which serves the person as well."""
    return not table.put_all(
        [Put(to_item(keys.suppression(address_hash, scope), why), before=None)]
    )
