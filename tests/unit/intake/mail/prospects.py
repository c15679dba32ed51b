"""A mail of one text, as the tests of its readers need it."""

from email.message import EmailMessage

from leadloop.intake.fields.prospect import Prospect
from leadloop.intake.mail.message import open_mail
from leadloop.intake.mail.prospects import read_prospects
from leadloop.intake.policy import MailSource


def mail_bytes(text: str, **headers: str) -> bytes:
    """A mail of a portal, with these headers instead of its own."""
    message = EmailMessage()
    for name, value in {"From": "leads@portal.example", "Subject": "New lead", **headers}.items():
        message[name] = value
    message.set_content(text)
    return message.as_bytes()


def read_mail_text(source: MailSource, text: str, **headers: str) -> Prospect:
    """The one prospect of a mail with this text."""
    (prospect,) = read_prospects(open_mail(mail_bytes(text, **headers)), source)
    return prospect
