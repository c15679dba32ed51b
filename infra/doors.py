"""The doors leads come in by: capture (public HTTP), partners (API key), mail_in (mail)."""

from constructs import Construct

from infra.data_stack import ASSETS_PREFIX, PLAYBOOK_PREFIX, RAW_PREFIX, RECEIVED_MAIL_PREFIX
from infra.family import Family, FamilyContext
from infra.imports import allow_import_upload
from infra.kit.function import LeadFunction

PUBLIC = ("/b", *(f"/{door}/{{proxy+}}" for door in ("f", "hooks", "t", "o", "u", "c", "d")))


class Doors(Family):
    """Only `partners` may read a lead. `logs` are the log groups that list what was accepted."""

    def __init__(self, scope: Construct, construct_id: str, context: FamilyContext) -> None:
        super().__init__(scope, construct_id, context)
        doors = (self._capture(), self._partners(), self._mail_in())
        self.logs = [door.log_group for door in doors]

    def _capture(self) -> LeadFunction:
        """Forms, webhooks and links of everybody; it may write consent and read no item."""
        data, api = self._context.data, self._context.api
        capture = self.door("capture")
        data.submissions.send_from(capture)
        data.signals.send_from(capture)
        data.links.use_in(capture)
        data.hooks.use_in(capture)
        data.table.allow_consent_changes(capture)
        data.playbooks.use_in(capture, read=(PLAYBOOK_PREFIX, ASSETS_PREFIX))
        for path in PUBLIC:
            api.route(path, capture)
        return capture

    def _partners(self) -> LeadFunction:
        """The partners' API: decides in line, so that a partner gets the verdict at once."""
        data, api = self._context.data, self._context.api
        partners = self.door("partners")
        data.allow_decisions(partners, queries="timelines")
        data.raw.use_in(partners, write=(RAW_PREFIX,))
        allow_import_upload(partners, data)
        api.use_address_in(partners)
        api.route("/v1/{proxy+}", partners, api_key=True)
        for description in ("/v1/openapi.json", "/v1/docs"):
            api.route(description, partners)
        return partners

    def _mail_in(self) -> LeadFunction:
        """Received mail; it may touch no item of the table."""
        data = self._context.data
        mail_in = self.worker("mail_in")
        data.submissions.send_from(mail_in)
        data.signals.send_from(mail_in)
        data.links.use_in(mail_in)
        data.raw.use_in(mail_in, read=(RECEIVED_MAIL_PREFIX,))
        data.playbooks.use_in(mail_in, read=(PLAYBOOK_PREFIX,))
        mail_in.consume_queue(data.received_mail)
        return mail_in
