"""A mail that somebody passed on: what was passed on, apart from what is said about it.

The colleague's own words and signature stand above, the vendor's mail below, often quoted.
"""

import re
from typing import NamedTuple

FORWARD_MARK = re.compile(  # as mail programs write it, in the language of whoever passes it on
    r"(?:-{2,20}\s{0,4})?(?:forwarded (?:message|mail)|weitergeleitete (?:nachricht|e-?mail)"
    r"|message transféré|mensaje reenviado|messaggio inoltrato|doorgestuurd bericht"
    r"|(?:wiadomość przekazana|przekazana wiadomość)|mensagem (?:encaminhada|reencaminhada)"
    r"|vidarebefordrat meddelande|videresendt (?:meddelelse|melding)"
    r"|転送されたメッセージ|转发的邮件"
    r"|begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-?mail)"
    r"|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado"
    r"|inizio (?:del )?messaggio inoltrato|início da mensagem reencaminhada"
    r"|begin doorgestuurd bericht)\s{0,4}:?(?:\s{0,4}-{2,20})?\s{0,4}$",
    re.IGNORECASE,
)
# Written above answers as well: then only the subject tells them apart.
ORIGINAL_MARK = re.compile(
    r"(?:-{2,20}\s{0,4}(?:original message|ursprüngliche nachricht|message d.origine"
    r"|mensaje original|messaggio originale|oorspronkelijk bericht|wiadomość oryginalna"
    r"|mensagem original)\s{0,4}-{2,20}|_{20,80})\s{0,4}$",
    re.IGNORECASE,
)
FORWARD_SEPARATOR = "---------- Forwarded message ----------"  # as we mark an attached mail
FORWARD_SUBJECT = re.compile(
    r"\s{0,9}(?:fwd?|wg|tr|rv|i|enc|doorst|pd|vs|vl|vb|転送|转发)\s?[:：]", re.IGNORECASE
)
MOST_LINES = 400  # above what was passed on


class Forward(NamedTuple):
    """`below` is what was passed on, without the quoting of the whole."""

    above: str
    below: str


def split_forward(text: str, subject: str) -> Forward | None:
    """None where nothing was passed on."""
    says_so = FORWARD_SUBJECT.match(subject) is not None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines[:MOST_LINES]):
        bare = line.lstrip("> ")[:200]
        if FORWARD_MARK.match(bare) or (says_so and ORIGINAL_MARK.match(bare)):
            return Forward(
                "\n".join(lines[:number]), "\n".join(_unquote_lines(lines[number + 1 :]))
            )
    return None


def _unquote_lines(lines: list[str]) -> list[str]:
    """One level less, if all of it is quoted."""
    said = [line for line in lines if line.strip()]
    if not said or not all(line.startswith(">") for line in said):
        return lines
    return [line[1:].removeprefix(" ") for line in lines]
