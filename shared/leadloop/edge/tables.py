"""The one table, as a function's settings let it be used."""

from functools import cache

from leadloop.edge.clock import pause
from leadloop.edge.wiring import Wiring, get_wiring
from leadloop.settings import CheckpointSettings, ConsentSettings, RegisterSettings, TableSettings
from leadloop.store.dynamodb import DynamoTable
from leadloop.store.keys import NO_PEPPER, Keys

TableGroup = TableSettings | RegisterSettings | CheckpointSettings | ConsentSettings


def open_table(group: type[TableGroup]) -> DynamoTable:
    """The table of this process.

    Only a function with `TableSettings` has the pepper, and so the keys that hide a person.
    """
    return _open_table(get_wiring(), group)


@cache
def _open_table(wiring: Wiring, group: type[TableGroup]) -> DynamoTable:
    settings = wiring.settings(group)
    pepper = NO_PEPPER
    if isinstance(settings, TableSettings):
        pepper = wiring.secret(settings.CLAIMS_SECRET)
    return DynamoTable(wiring.dynamodb, settings.LEAD_TABLE, Keys(pepper), pause)
