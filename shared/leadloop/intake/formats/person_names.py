"""Names in a mail: what is one, what only stands for one, and where somebody else's stands.

Whoever signs a mail, or prints an address below it, has a phone as well; it is not the person's.
"""

import re
from collections.abc import Iterable

GOODBYE = re.compile(  # the vendor's own good-bye
    r"[ \t]{0,9}(?:(?:with )?(?:best|kind|warm)(?:est)? (?:regards|wishes)|regards|sincerely"
    r"|yours (?:sincerely|truly|faithfully)|mit (?:freundlichen"
    r"|besten|herzlichen) grü(?:ß|ss)en|(?:viele|beste|freundliche|herzliche) grü(?:ß|ss)e"
    r"|cordialement|bien cordialement|meilleures salutations|(?:un )?(?:cordial )?saludos?"
    r"|atentamente|(?:cordiali |distinti )saluti|atenciosamente|(?:com os )?melhores cumprimentos"
    r"|met vriendelijke groet(?:en)?|z poważaniem|pozdrawiamy|med vänliga? hälsning(?:ar)?"
    r"|med venlig hilsen|mfg|mvh|greetings|(?:hjertelige? |venlige? )?hilsen"
    r"|(?:vänliga )?hälsningar|(?:hartelijke )?groet(?:en)?|bien à vous|un abrazo|terveisin"
    r"|s pozdravem|üdvözlettel|cu (?:respect|stimă)|с уважением|з повагою|saygılarımla|敬具|此致)"
    r"[ \t]{0,9}[,.!]?[ \t]{0,9}$",
    re.IGNORECASE,
)
LIGHT_GOODBYE = re.compile(  # and it may be said, or drawn, above a lead as well
    r"[ \t]{0,9}(?:(?:many )?thanks|thank you|cheers|best|lg|vg|--?|—)[ \t]{0,9}[,.!]?[ \t]{0,9}$",
    re.IGNORECASE,
)
# What stands for a name where the vendor does not tell it.
GENERIC_NAME = re.compile(
    r"(?:an? |the |new |your )?(?:(?:potential|prospective|new|yelp|google|angi|thumbtack|anonymous"
    r"|website|web) )*(?:customers?|users?|clients?|homeowners?|leads?|guests?|consumers?|someone"
    r"|somebody|visitors?|buyers?|renters?|prospects?|callers?|interessent|kunde|test|unbekannt"
    r"|inconnu|desconocido|sconosciuto)",
    re.IGNORECASE,
)
NON_NAME_SIGN = re.compile(r"\d{2}|[={}<>|@]|:\s")
# A line that is somebody's name, or a house's: what stands below it is theirs.
NAME_LINE = re.compile(
    r"[ \t]{0,9}(?:[^\W\d_][\w.'’-]{0,30} ){1,4}[^\W\d_][\w.'’-]{0,30}[ \t]{0,9},?[ \t]{0,9}$"
)
COMPANY_SUFFIX = re.compile(
    r"\b(?:gmbh|ag|kg|e\.? ?k\.|ltd|llc|inc|corp|plc|s\.?a\.?r\.?l|sas|s\.?l\.?u?|s\.?a|s\.?r\.?l"
    r"|s\.?p\.?a|b\.?v|n\.?v|sp\. z o\. ?o|s\.?r\.?o|a\.s|ab|aps|a/s|oy|lda|ltda|pty|ooo"
    r"|ооо|тов)\.?$"
    r"|(?:株式会社|有限公司|주식회사)$",
    re.IGNORECASE,
)
# Words that no person is called by, in what a sentence seems to name.
NON_NAME_WORD = re.compile(
    r"\b(?:customers?|users?|homeowners?|clients?|leads?|team|ads|services?|support|inc|llc|ltd|gmbh"
    r"|website|form|online|listing|property|business|company|app|portal|notification|inquiry"
    r"|request|message|yelp|google|angi|thumbtack|zillow|realtor|facebook|instagram|linkedin)\b",
    re.IGNORECASE,
)
YES_OR_NO = re.compile(
    r"yes|no|y|n|ja|nein|oui|non|s[ií]|não|nee|tak|nie|nej|nei|да|нет|так|ні|evet|hayır|true|false"
    r"|\d{0,9}",
    re.IGNORECASE,
)
LONGEST_SUFFIX = 16  # characters of how a company's name ends
LONGEST_NAME, MOST_WORDS = 40, 4  # of a name in a line
NON_NAME_LETTER = re.compile(r"[^\w\s.'’-]|[\d_]|\.\s*$")


def is_generic_name(text: str) -> bool:
    """Whether nobody is called so."""
    return (
        GENERIC_NAME.fullmatch(text.strip()) is not None or NON_NAME_SIGN.search(text) is not None
    )


def is_goodbye(line: str) -> bool:
    """Where whoever writes the mail ends it, whatever came before."""
    return GOODBYE.match(line) is not None


def is_light_goodbye(line: str) -> bool:
    """The same, once the lead has been told."""
    return LIGHT_GOODBYE.match(line) is not None


def is_yes_or_no(text: str) -> bool:
    """“Owner: yes” asks the person what they are; nobody else is named."""
    return YES_OR_NO.fullmatch(text.strip()) is not None


def is_company_line(line: str) -> bool:
    """A line that ends as a company's name does."""
    return COMPANY_SUFFIX.search(line.strip()[-LONGEST_SUFFIX:]) is not None


def may_be_name(text: str) -> bool:
    """As a name is written, in letters of any script."""
    words = text.split()
    return (
        0 < len(text) <= LONGEST_NAME
        and len(words) <= MOST_WORDS
        and NON_NAME_LETTER.search(text) is None
        and not any(word[0].islower() for word in words)
        and NON_NAME_WORD.search(text) is None
    )


def is_other_name(line: str, known: Iterable[str]) -> bool:
    """A line that is a name, and none of those that are known."""
    if NAME_LINE.match(line) is None or not line.istitle() or NON_NAME_WORD.search(line):
        return False
    return line.strip(" \t,").casefold() not in {name.casefold() for name in known}
