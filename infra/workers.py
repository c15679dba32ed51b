"""What works off the queues: qualify (submissions), engage (signals)."""

from constructs import Construct

from infra.data_stack import RECEIVED
from infra.family import Family, Ground, may_act
from infra.kit import rights


class Workers(Family):
    """Both read items by key, and commit."""

    def __init__(self, scope: Construct, construct_id: str, ground: Ground) -> None:
        super().__init__(scope, construct_id, ground)
        data, told = ground.data, ground.told
        qualify = self.worker("qualify", told.table, told.playbook, told.raw, told.vendors)
        may_act(qualify, data)
        rights.may_read(qualify, data.raw, RECEIVED)
        rights.may_read(qualify, data.raw, rights.FED)
        rights.may_write(qualify, data.raw, rights.RAW)
        rights.may_read_secrets(qualify, data.vendor_secrets)
        qualify.works_off(data.submissions)

        engage = self.worker("engage", told.table, told.playbook, told.lake)
        may_act(engage, data)
        rights.may_tell_the_lake(engage, data.lake)
        engage.works_off(data.signals)
