"""E-mail by SES: a letter becomes MIME bytes, and SES's answer becomes a send result.

- No text of other people can begin a header.
- A mail is handed over once; a client that retries by itself is refused.
- If it is uncertain whether a mail was sent, the result is `SendUnknown`.
- Only raw bytes keep List-Unsubscribe in the form of RFC 8058. So this is `send_raw_email` of the
  first SES API.

Source: https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html
"""

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import TYPE_CHECKING, Final

from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ProxyConnectionError,
    SSLError,
)
from email_validator import EmailNotValidError, validate_email

from leadloop.channels.outgoing_message import (
    Mailbox,
    OutgoingMessage,
    SendAccepted,
    SendFailed,
    SendRefused,
    SendResult,
    SendUnknown,
)
from leadloop.content.header_text import one_line

if TYPE_CHECKING:
    from types_boto3_ses import SESClient
    from types_boto3_ses.type_defs import SendRawEmailRequestTypeDef


class _Headers(EmailPolicy):
    """A header policy that never folds ASCII. Others are encoded and folded by RFC 2047.

    Folding would put long addresses and ids into encoded words, where mail programs do not look
    for List-Unsubscribe (RFC 8058).
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        ascii_only = str(value).isascii()
        return (
            _UNFOLDED.fold_binary(name, value) if ascii_only else super().fold_binary(name, value)
        )


_UNFOLDED = SMTP.clone(max_line_length=998)
_HEADERS = _Headers(linesep="\r\n", max_line_length=76)  # of quoted-printable, RFC 2045, 6.7

_REFUSAL_CODES = frozenset(
    {
        "ConfigurationSetDoesNotExist",
        "InvalidParameterValue",
        "MailFromDomainNotVerifiedException",
        "MessageRejected",
        "ValidationError",
    }
)
# With these SES has not accepted the mail. After any other 5xx it may have accepted it.
_RETRYABLE_CODES = frozenset({"ServiceUnavailable", "ServiceUnavailableException", "SlowDown"})
_CONNECT_ERRORS: Final = (
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ProxyConnectionError,
    SSLError,
)


def send_email(ses: "SESClient", letter: OutgoingMessage) -> SendResult:
    """Hand the letter to SES once, and return the result.

    Raises:
        ValueError: the client retries by itself, or marketing has no unsubscribe link.

    """
    retries = getattr(ses.meta.config, "retries", None) or {}
    if retries.get("total_max_attempts") != 1:
        raise ValueError("a client that speaks must not retry: total_max_attempts is to be 1")
    try:
        to, sender = _address(letter.to), _address(letter.sender)
        mime = _mime(letter, to=to, sender=sender)
    except (EmailNotValidError, UnicodeError) as error:
        return SendRefused(f"address refused: {one_line(str(error))}")
    try:
        response = ses.send_raw_email(**_request(letter, to=to, sender=sender, mime=mime))
    except ClientError as error:
        return _classify_error(error)
    except _CONNECT_ERRORS as error:
        return SendFailed(f"not connected: {type(error).__name__}")
    except HTTPClientError as error:
        return SendUnknown(f"no answer: {type(error).__name__}")
    return SendAccepted(response["MessageId"])


def _request(
    letter: OutgoingMessage, *, to: Address, sender: Address, mime: bytes
) -> "SendRawEmailRequestTypeDef":
    """The call of SES; it sends a mail that comes back to `Source`."""
    request: SendRawEmailRequestTypeDef = {
        "Source": letter.return_path or sender.addr_spec,
        "Destinations": [to.addr_spec],
        "RawMessage": {"Data": mime},
    }
    if letter.configuration_set:
        request["ConfigurationSetName"] = letter.configuration_set
    return request


def _classify_error(error: ClientError) -> SendResult:
    code = error.response["Error"].get("Code", "")
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    if code in _REFUSAL_CODES:
        return SendRefused(code)
    if code in _RETRYABLE_CODES or status < 500:  # throttled, paused or not allowed
        return SendFailed(code)
    return SendUnknown(code)


def _mime(letter: OutgoingMessage, *, to: Address, sender: Address) -> bytes:
    delivery, message = letter.delivery, letter.message
    mail = EmailMessage(policy=_HEADERS)
    mail["From"], mail["To"] = sender, to
    if letter.reply_to:
        mail["Reply-To"] = _address(letter.reply_to)
    mail["Subject"] = one_line(message.subject)
    mail["Date"] = letter.at
    mail["Message-ID"] = f"<{_digest(delivery.id)}@{sender.domain}>"
    # RFC 3834, 5: it asks for no out-of-office reply.
    mail["Auto-Submitted"] = "auto-replied" if delivery.purpose.is_answer else "auto-generated"
    mail["X-Leadloop-Delivery"] = one_line(delivery.id)
    mail["X-Leadloop-Lead"] = one_line(delivery.lead_id)  # to find the lead if the mail comes back
    if letter.signature:
        mail["X-Leadloop-Signature"] = letter.signature
    if delivery.purpose.is_marketing:
        if not letter.unsubscribe_url:
            raise ValueError("marketing goes out with an unsubscribe link only")
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.text, cte="quoted-printable")
    mail.add_alternative(message.html, subtype="html", cte="quoted-printable")
    mail.set_boundary(_digest(f"boundary {delivery.id}"))
    return mail.as_bytes()


def _address(mailbox: Mailbox) -> Address:
    """The address in ASCII, because SES accepts no other. The header encodes the name."""
    valid = validate_email(mailbox.address, check_deliverability=False, globally_deliverable=False)
    if valid.ascii_email is None:
        raise EmailNotValidError("SES takes no local part beyond ASCII")
    return Address(one_line(mailbox.name), addr_spec=valid.ascii_email)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
