"""Which lead a normalised e-mail, phone number or mail belongs to."""

from typing import Literal

from leadloop.model.reference import Digest, Entity, Ref


class Claim(Entity):
    """The value belongs to one person, whose lead is `lead_id`."""

    kind: Literal["claim"] = "claim"
    version: int = 1
    lead_id: str


class ClaimRef(Ref[Claim], partition="KEY#", sort="KEY"):
    """The lead of a normalised value.

    The value of a `relay` is a source, and the address that its portal made for one conversation.
    """

    what: Literal["email", "phone", "relay"]
    value: str

    def key_ends(self, digest: Digest) -> tuple[str, str]:
        return f"{self.what}#{digest(self.what, self.value)}", ""


class MailRef(Ref[Claim], partition="KEY#", sort="KEY"):
    """The lead that a mail with this Message-ID and these bytes was decided for."""

    message_id: str
    sha256: str

    def key_ends(self, digest: Digest) -> tuple[str, str]:
        return f"mail#{digest('mail', self.sha256, self.message_id)}", ""
