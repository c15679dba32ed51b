"""The stop that a person asks for at the preferences page, stored before the page says so.

This and `commit` are the only writers of a `CONSENT#` item. Both write it once and never change it.
"""

from typing import Literal

from leadloop.model.consent import Suppression
from leadloop.store import keys
from leadloop.store.items import to_item
from leadloop.store.table import Put, Table


def put(
    table: Table, address_hash: str, scope: Literal["marketing", "all"], why: Suppression
) -> bool:
    """Store the stop; False if there was one already, which serves the person as well."""
    return not table.write_all(
        [Put(to_item(keys.suppression(address_hash, scope), why), before=None)]
    )
