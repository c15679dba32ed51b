"""Where leads come in: capture (public HTTP), partners (API key), mail_in (received mail)."""

from constructs import Construct

from infra.data_stack import RECEIVED
from infra.family import Family, Ground, may_act
from infra.imports import may_begin
from infra.kit import rights

PUBLIC = ("/b", *(f"/{door}/{{proxy+}}" for door in ("f", "hooks", "t", "o", "u", "d")))


class Doors(Family):
    """None of them but `partners` may read a lead; `logs` are where they say what they took."""

    def __init__(self, scope: Construct, construct_id: str, ground: Ground) -> None:
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
        rights.may_read_secrets(capture, data.hook_secrets)
        rights.may_keep_consent(capture, data.table)
        rights.may_read(capture, data.playbooks, rights.PLAYBOOK)
        rights.may_read(capture, data.playbooks, rights.ASSETS)
        for path in PUBLIC:
            api.route(path, capture)
        api.may_call(capture)

        partners = self.door(
            "partners", told.table, told.playbook, told.raw, told.journey, told.public
        )
        may_act(partners, data)
        may_begin(partners, data)
        rights.may_read_timelines(partners, data.table)
        rights.may_write(partners, data.raw, rights.RAW)
        api.route("/v1/{proxy+}", partners, api_key=True)
        for description in ("/v1/openapi.json", "/v1/docs"):
            api.route(description, partners)
        api.may_call(partners)

        mail_in = self.worker(
            "mail_in", told.playbook, told.raw, told.submissions, told.signals, told.links
        )
        data.submissions.grant_send_messages(mail_in)
        data.signals.grant_send_messages(mail_in)
        data.links.grant_read(mail_in)
        rights.may_read(mail_in, data.raw, RECEIVED)
        rights.may_read(mail_in, data.playbooks, rights.PLAYBOOK)
        mail_in.works_off(data.received_mail)
        self.logs = [door.log_group for door in (capture, partners, mail_in)]
