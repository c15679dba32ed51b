"""Where leads come in: capture (public HTTP), partners (API key), mail_in (received mail)."""

from constructs import Construct

from infra.data_stack import RECEIVED_MAIL_PREFIX
from infra.family import Family, FamilyContext, grant_lead_decisions
from infra.imports import grant_import_start
from infra.kit import rights

PUBLIC = ("/b", *(f"/{door}/{{proxy+}}" for door in ("f", "hooks", "t", "o", "u", "d")))


class Doors(Family):
    """None of them but `partners` may read a lead; `logs` are where they say what they took."""

    def __init__(self, scope: Construct, construct_id: str, ground: FamilyContext) -> None:
        super().__init__(scope, construct_id, ground)
        data, told, api = ground.data, ground.told, ground.api

        capture = self.door(
            "capture",
            told.consent,
            told.playbook,
            told.submissions,
            told.signals,
            told.links,
            told.hooks,
        )
        data.submissions.grant_send_messages(capture)
        data.signals.grant_send_messages(capture)
        data.links.grant_read(capture)
        rights.grant_secret_read(capture, data.hook_secrets)
        rights.grant_consent_write(capture, data.table)
        rights.grant_object_read(capture, data.playbooks, rights.PLAYBOOK_PREFIX)
        rights.grant_object_read(capture, data.playbooks, rights.ASSETS_PREFIX)
        for path in PUBLIC:
            api.route(path, capture)
        api.grant_invoke(capture)

        partners = self.door(
            "partners", told.table, told.playbook, told.raw, told.journey, told.public
        )
        grant_lead_decisions(partners, data)
        grant_import_start(partners, data)
        rights.grant_timeline_read(partners, data.table)
        rights.grant_object_write(partners, data.raw, rights.RAW_PREFIX)
        api.route("/v1/{proxy+}", partners, api_key=True)
        for description in ("/v1/openapi.json", "/v1/docs"):
            api.route(description, partners)
        api.grant_invoke(partners)

        mail_in = self.worker(
            "mail_in", told.playbook, told.raw, told.submissions, told.signals, told.links
        )
        data.submissions.grant_send_messages(mail_in)
        data.signals.grant_send_messages(mail_in)
        data.links.grant_read(mail_in)
        rights.grant_object_read(mail_in, data.raw, RECEIVED_MAIL_PREFIX)
        rights.grant_object_read(mail_in, data.playbooks, rights.PLAYBOOK_PREFIX)
        mail_in.consume_queue(data.received_mail)
        self.logs = [door.log_group for door in (capture, partners, mail_in)]
