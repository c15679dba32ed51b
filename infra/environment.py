"""What functions are told by their environment, filled in once."""

from infra.data_stack import DataStack
from leadloop import settings


class Environment:
    """One attribute per group of `leadloop.settings`; a function takes those that it reads.

    `address` is the API's, by which links begin.
    """

    def __init__(self, data: DataStack, address: str) -> None:
        self.public = settings.PublicSettings(PUBLIC_URL=address)
        table = data.table.table_name
        self.table = settings.TableSettings(LEAD_TABLE=table, CLAIMS_SECRET=data.claims.secret_arn)
        self.alarms = settings.AlarmSettings(ALARM_TOPIC=data.alarms.topic.topic_arn)
        self.received_mail = settings.ReceivedMailSettings(
            RECEIVED_MAIL_QUEUE=data.received_mail.queue_url
        )
        self.replays = settings.ReplaySettings(PAGES_BUCKET=data.pages.bucket_name)
        self.register = settings.RegisterSettings(LEAD_TABLE=table)
        self.checkpoints = settings.CheckpointSettings(LEAD_TABLE=table)
        self.consent = settings.ConsentSettings(LEAD_TABLE=table)
        self.playbook = settings.PlaybookSettings(PLAYBOOK_BUCKET=data.playbooks.bucket_name)
        self.raw = settings.RawSettings(RAW_BUCKET=data.raw.bucket_name)
        self.submissions = settings.SubmissionsSettings(
            SUBMISSIONS_QUEUE=data.submissions.queue_url
        )
        self.signals = settings.SignalsSettings(SIGNALS_QUEUE=data.signals.queue_url)
        self.deliveries = settings.DeliveriesSettings(DELIVERIES_QUEUE=data.deliveries.queue_url)
        self.lake = settings.LakeSettings(LAKE_STREAM=data.lake.ref)
        self.hooks = settings.HookSettings(HOOK_SECRETS=data.hook_secrets)
        self.vendors = settings.VendorSettings(
            VENDOR_SECRETS=data.vendor_secrets, OUTBOUND_GATEWAY=data.outbound_gateway
        )
        self.links = settings.LinkSettings(LINKS_SECRET=data.links.secret_arn)
        self.journey = settings.JourneySettings(PAGES_BUCKET=data.pages.bucket_name)
