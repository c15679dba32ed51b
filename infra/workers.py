"""The workers of the queues: qualify (submissions), engage (signals)."""

from constructs import Construct

from infra.data_stack import FEED_PREFIX, RAW_PREFIX, RECEIVED_MAIL_PREFIX
from infra.family import Family, FamilyContext


class Workers(Family):
    """Both read items by key and the mails of a lead, and commit."""

    def __init__(self, scope: Construct, construct_id: str, context: FamilyContext) -> None:
        super().__init__(scope, construct_id, context)
        data = context.data
        qualify = self.worker("qualify")
        data.allow_decisions(qualify, queries="timelines")  # a lead's mails, when one is answered
        data.raw.use_in(qualify, read=(RECEIVED_MAIL_PREFIX, FEED_PREFIX), write=(RAW_PREFIX,))
        data.vendors.use_in(qualify)
        qualify.consume_queue(data.submissions)

        engage = self.worker("engage")
        data.allow_decisions(engage, queries="timelines")
        data.lake.use_in(engage)
        data.links.use_in(engage)
        if data.mail_events is not None:
            data.mail_events.read_in(engage)
        engage.consume_queue(data.signals)
