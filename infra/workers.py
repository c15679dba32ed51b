"""What works off the queues: qualify (submissions), engage (signals)."""

from constructs import Construct

from infra.data_stack import RECEIVED_MAIL_PREFIX
from infra.family import Family, FamilyContext, grant_lead_decisions
from infra.kit import rights


class Workers(Family):
    """Both read items by key, and commit."""

    def __init__(self, scope: Construct, construct_id: str, ground: FamilyContext) -> None:
        super().__init__(scope, construct_id, ground)
        data, told = ground.data, ground.told
        qualify = self.worker("qualify", told.table, told.playbook, told.raw, told.vendors)
        grant_lead_decisions(qualify, data)
        rights.grant_object_read(qualify, data.raw, RECEIVED_MAIL_PREFIX)
        rights.grant_object_read(qualify, data.raw, rights.FEED_PREFIX)
        rights.grant_object_write(qualify, data.raw, rights.RAW_PREFIX)
        rights.grant_secret_read(qualify, data.vendor_secrets)
        qualify.consume_queue(data.submissions)

        engage = self.worker("engage", told.table, told.playbook, told.lake)
        grant_lead_decisions(engage, data)
        rights.grant_lake_write(engage, data.lake)
        engage.consume_queue(data.signals)
