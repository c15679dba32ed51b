"""What sort of mail it is, and whose address one that came back had been for.

Reports that follow the standards say it in fields (RFC 3464, 5965, 3834, 8098), but one in four
does not follow them. Then two things must come together before a mail counts as a bounce: how it
is made (who sends it, with which return path, a returned mail inside) and what it says. Neither
alone makes one: vendors' mails have an empty return path too, and people write "undelivered".
"""

import re
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from typing import Literal, NamedTuple

from leadloop.intake.mail.headers import read_address, read_header, read_parameter
from leadloop.policy.patterns import compile_pattern

Nature = Literal["lead", "bounce", "complaint", "auto_reply", "reply"]

MOST_REPORT_TEXT = 40_000  # characters of a report that are looked at
MOST_RECIPIENTS = 50
MAILER_DAEMON = re.compile(
    r"mailer-?daemon|mail-daemon|post_?master|maildaemon|mail[ .]delivery[ .](?:sub)?system"
    r"|delivery[ .]subsystem|mail[ .]administrator|microsoftexchange\w{0,64}@|ndr[ .]administrator"
    r"|e-?mail[ .]interconnect|bounce-?(?:notification|handler)s?@",
    re.IGNORECASE,
)
NOT_DELIVERED = compile_pattern(
    r"(?i)undeliver|not (?:be )?(?:yet )?(?:been )?deliver"
    r"|delivery (?:status|failure|error|delayed"
    r"|notification|incomplete|report|has failed|failed)|failed (?:delivery|to deliver|permanently"
    r"|recipient)|(?:un|not |n't )able to deliver|(?:error|trouble|problem|failure|while)\s.{0,20}"
    r"(?:sending|delivering)|returned (?:e-?)?mail|returning (?:message|to sender)"
    r"|mail (?:system error|delivery|failed|failure|error)|failure (?:notice|delivery)"
    r"|failed mail|non-?delivery"
    r"|permanent(?:ly)? (?:error|failure|failed|fatal)|fatal error|delayed \d+ hours|no such user"
    r"|user unknown|unknown user|invalid (?:recipient|user)|address rejected|mailbox (?:is )?full"
    r"|mailbox unavailable|does not exist|bounce notification|was (?:rejected|not delivered)"
    r"|message failed|(?:user|recipient|mailbox) not found|no mailbox here|could not be reached"
    r"|blocked by our (?:\w+ ){0,3}(?:filter|firewall)|not been delivered"
    r"|unzustellbar|(?:nicht|konnte).{0,30}zugestellt|zustellung.{0,30}fehl|nicht zustellbar"
    r"|non (?:remis|distribu)|remise.{0,20}chou|chec.{0,20}remise"
    r"|pas (?:pu )?(?:\w+ )?(?:remis|distribu|livr)"
    r"|no se (?:ha podido|pudo|puede) entregar|no entregad|correo devuelto|error de entrega"
    r"|impossibile (?:recapitare|consegnare)|mancat[ao] (?:recapito|consegna)|non (?:è stato )?"
    r"(?:recapitat|consegnat)|não (?:foi|pôde|pode) (?:\w+ )?(?:possível )?(?:ser )?entreg"
    r"|falha (?:na|de) entrega|mensagem devolvida|onbestelbaar|niet (?:\w+ )?(?:bezorgd|afgeleverd)"
    r"|niedostarczon|nie (?:\w+ )?dostarcz|kunde inte levereras|olevererbar"
    r"|(?:kunne|kan) ikke lever|uleverbar|ikke levert|nedoručiteln|nelze doručit|nedoručen"
    r"|teslim edileme|iletileme|kézbesíthetetlen|nem kézbesít|не\s?доставлен|недоставк"
    r"|не может быть доставлен|не удалось доставить|не (?:было|была) доставлен|не вдалося доставити"
    r"|αδυναμία παράδοσης|δεν (?:ήταν δυνατή η παράδοση|παραδόθηκε)|לא נמסר|לא ניתן למסור"
    r"|تعذر (?:ال)?تسليم|فشل (?:ال)?تسليم|không (?:thể )?gửi được|ไม่สามารถส่ง|nu a putut fi livrat"
    r"|nedoruč|nije isporučen|niet worden bezorgd"
    r"|配信(?:でき|不)|配送(?:でき|不)|送信できません|メールエラー|不達|届け(?:でき|られ)"
    r"|退信|被?退回|传输失败|无法投递|投递失败|無法投遞|退件|배달(?:되지|할 수)|전송 실패|반송"
)
SMTP_REPLY = re.compile(
    r"(?m)(?:^|[\s:;(<\"'])(?:[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}\b|5[05]\d[ -])"
)
AUTO_REPLY_SUBJECT = re.compile(
    r"^\s*+(?:\[[^\]]{1,30}+\]\s*+)?+(?:(?:re|aw|sv)\s*+:\s*+)?+"
    r"(?:auto(?:matic|matische|mated|-)?[ -]?(?:reply|response|antwort|respon[ds]er)"
    r"|(?:i am |i'm )?(?:currently )?out of (?:the |my )?office|away from (?:the |my )?office|ooo\b"
    r"|(?:on |i am on )?(?:annual|parental|maternity|sick) leave"
    r"|on vacation|vacation (?:reply|response)|abwesen"
    r"|ich bin (?:(?:derzeit|zurzeit|momentan|aktuell|leider|bis \S{1,10}) )?"
    r"(?:nicht im|außer|abwesend|im urlaub)|(?:derzeit |zurzeit )?nicht im büro"
    r"|urlaub(?:snotiz|smeldung)?\s*+(?:$|[:!.]|bis\b|vom\b|ab\b)|réponse automatique"
    r"|absence du bureau|absent(?:\(e\)|e)?\s*+(?::|du\b|jusqu)|message d.absence"
    r"|respuesta automática|contestación automática|ausente"
    r"|risposta automatica|fuori (?:sede|ufficio)|assenza|automatische? antwo|automatisch antwoord"
    r"|afwezig|resposta automática|fora do escritório|ausência (?:do|temporária)"
    r"|autoodpowiedź|odpowiedź automatyczna|automatyczna odpowiedź|nieobecno|poza biurem"
    r"|fuera de (?:la )?oficina|autosvar|automatiskt? svar|frånvaro|fravær|ude af kontoret"
    r"|automaattinen vastaus|poissa|automatická odpov[eě][dď]|mimo kancelá[řr]|nepřítomn"
    r"|automatikus válasz|házon kívül|răspuns automat|în afara biroului"
    r"|otomatik (?:yanıt|cevap)|ofis dışında|automatski odgovor|samodejni odgovor|odsot(?:en|nost)"
    r"|automatinis atsakymas|automātiska atbilde|automaatvastus|balasan otomatis|trả lời tự động"
    r"|автоматический ответ|автоответ|вне офиса|автоматична відповідь|автовідповідь"
    r"|автоматичен отговор|αυτόματη απάντηση|εκτός γραφείου|رد تلقائي|خارج المكتب|پاسخ خودکار"
    r"|תשובה אוטומטית|מענה אוטומטי|מחוץ למשרד|(?:การ)?ตอบกลับอัตโนมัติ|स्वचालित उत्तर"
    r"|自動(?:返信|応答)|不在(?:通知|連絡|のお知らせ)|自动(?:回复|答复)|自動回[覆复]"
    r"|자동 ?(?:회신|응답)|부재 ?중"
    # somebody's program tells that it was opened, or deleted unread
    r"|(?:(?:not )?read|gelesen|ungelesen gelöscht|lu|leído|letto|lid[ao]|gelezen|przeczytano"
    r"|přečteno|läst|læst|lest|luettu|прочитано|okundu|已[读讀]|開封済み|읽음)\s*+[:：])",
    re.IGNORECASE,
)
REPLY_SUBJECT = re.compile(
    r"^\s*+(?:re|aw|sv|vs|antw|odp|rif|res|ynt)\s*+(?:\[\d++\])?+\s*+:", re.IGNORECASE
)
AUTO_REPLY_HEADERS = (
    "X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Autoresponder", "X-Auto-Reply",
    "X-Vacation", "X-Mail-Autoreply", "X-Autoreply-From", "X-Auto-Response", "X-Autogenerated",
)  # fmt: skip
RECIPIENT_HEADERS = ("X-Failed-Recipients", "X-HmXmrOriginalRecipient")
RECIPIENT_FIELDS = (
    "x-failed-recipients", "final-recipient", "original-recipient", "x-actual-recipient",
    "original-rcpt-to", "removal-recipient", "x-hmxmroriginalrecipient",
)  # fmt: skip
DELIVERED_ACTIONS = ("delivered", "relayed", "expanded")
REPORT_ADDRESS_HEADERS = frozenset(
    {"from", "to", "sender", "reply-to", "return-path", "delivered-to", "x-original-to",
     "envelope-to", "message-id", "in-reply-to", "references"}
)  # fmt: skip
PARAGRAPH = re.compile(r"\n[ \t]{0,8}\n")
ADDRESS_SCHEME = re.compile(r"(?i)^(?:smtp|imceasmtp|rfc822)[=;:-]")
PLAIN_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}[A-Za-z0-9]"
ADDRESS = re.compile(rf"(?<![A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~@-]){PLAIN_ADDRESS}")
REPORT_FIELD = re.compile(
    r"(?im)^[ \t]{0,8}(?P<name>final-recipient|original-recipient|x-actual-recipient|action"
    r"|original-rcpt-to|removal-recipient|x-failed-recipients|x-hmxmroriginalrecipient"
    r"|feedback-type|status)[ \t]{0,8}:[ \t]{0,8}(?P<value>[^\n]{0,400})"
)
ENCLOSED_MAIL_START = re.compile(
    r"(?im)^[ \t>|*-]{0,40}(?:-{2,9}.{0,30}(?:original|copy|message header|undelivered|returned"
    r"|below|the (?:header|text|message|body))|.{0,30}original (?:message|mail|e-?mail|header)"
    r"(?! was received)"
    r"|.{0,20}message (?:header|text|content)s? follow|received:|return-path:|old message:"
    r"|.{0,40}(?:below|attach|follow|here is).{0,40}copy of (?:the|your) message"
    r"|the header of the original|bounced e-?mail|.{0,60}headers? (?:of|from) the)"
)
ENCLOSED_MAIL_MENTION = re.compile(
    r"(?im)^.{0,20}original message was received"
)  # and it is not enclosed yet
RCPT_COMMAND = re.compile(r"(?i)RCPT TO:\s{0,3}<?(" + PLAIN_ADDRESS + ")")
ADDRESS_LINE = re.compile(  # at the head of a line: as most servers list those they failed for
    r"(?m)^[ \t>*|-]{0,12}(?:(?:recipient|address|user|e-?mail|failed recipient|for|rcpt|"
    r"(?:recipient|original|e-?mail) address)(?:\s{0,3}:\s{0,3}|\s{1,3}))?"
    r"[<(\"'\[]?("
    + PLAIN_ADDRESS
    + r")[>)\"'\]]{0,2}[ \t]{0,8}(?:[:;,.)(<-]|$|(?<=\s)(?:on|was)\s)",
    re.IGNORECASE,
)
ADDRESS_MENTION = re.compile(  # "could not be delivered to <a@b>", "following recipient(s): a@b", …
    r"(?i)\b(?:to|for|(?:recipient|address|user|mailbox|account)(?:\(?e?s\)?)?|an|à|a|para|do|naar"
    r"|adres\w{0,4})[\s:'\"(]{1,6}[<\"'\[(]{0,2}(" + PLAIN_ADDRESS + ")"
)
TO_LINE = re.compile(r"(?im)^[ \t>|]{0,8}to:[ \t]{0,4}([^\n]{3,400})")
RECEIVED_FOR_ADDRESS = re.compile(r"(?i)\bfor\s{1,4}<?(" + PLAIN_ADDRESS + r")>?\s{0,2};")
MENTION_WEIGHTS = {4: RCPT_COMMAND, 3: ADDRESS_LINE, 1: ADDRESS_MENTION}
MACHINE_FEEDBACK = re.compile(
    r"(?im)^feedback-type:[ \t]{0,8}(?:auth-failure|not-spam|virus|other)\b"
)
JSON_RECIPIENTS = re.compile(
    r'"(?:bounced|complained)Recipients"\s{0,4}:\s{0,4}\[(?P<list>[^\]]{0,4000}+)\]', re.IGNORECASE
)
JSON_KIND = re.compile(
    r'"(?:notificationType|eventType)"\s{0,4}:\s{0,4}"(?P<kind>Bounce|Complaint)"', re.IGNORECASE
)
PERMANENT_STATUS = re.compile(
    r"5\.(?!2\.2|4\.|3\.1)\d{1,3}\.\d{1,3}"
)  # not: full, network, system full

TEMPORARY_FAILURE = compile_pattern(
    r"(?i)\b4\d\d[ -]#?4\.\d|\b4\.\d\.\d{1,3}\b|mailbox (?:is )?full|over ?quota"
    r"|quota exceeded|delayed"
    r"|will (?:be )?(?:retr|keep trying|continue)|still being retried|not yet been delivered"
    r"|warning|\b5\.2\.2\b"
)
PERMANENT_FAILURE = compile_pattern(
    r"(?i)\b5\.\d{1,2}\.\d{1,3}\b|\b55[0-4][ -]|(?:user|recipient|mailbox|address|account).{0,30}"
    r"(?:unknown|not found|does(?:n't| not) exist|unavailable|rejected|disabled|invalid)"
    r"|unknown.{0,12}user|no such user|host.{0,12}(?:unknown|not found)"
    r"|permanent(?:ly)? (?:error|fail|fatal)"
)


class MailClassification(NamedTuple):
    """`recipients` had the mail that came back; `lasting`: it would come back again tomorrow.

    Of a complaint it tells that a person complains: a server's report of a forged mail is none.
    """

    nature: Nature
    recipients: tuple[str, ...] = ()
    lasting: bool = False


class MailEvidence(NamedTuple):
    """What is looked at: `said` are the words of the mail's own parts, `whole` all its lines."""

    message: Message
    types: frozenset[str]  # of all parts
    subject: str
    said: str
    whole: str


def classify_mail(look: MailEvidence) -> MailClassification:
    """All but `lead` belongs to something that was sent before."""
    kind = JSON_KIND.search(look.said)
    if _is_complaint(look) or (kind and kind["kind"].lower() == "complaint"):
        machines = MACHINE_FEEDBACK.search(look.whole) is not None
        return MailClassification("complaint", _recipients(look), not machines)
    if _is_delivery_report(look) or kind or _is_informal_bounce(look):
        return MailClassification("bounce", _recipients(look), _is_permanent(look))
    if _is_auto_reply(look):
        return MailClassification(
            "auto_reply", tuple(filter(None, [read_address(look.message, "From")[1]]))
        )
    answers = read_header(look.message, "In-Reply-To") or read_header(look.message, "References")
    return MailClassification("reply" if answers and REPLY_SUBJECT.match(look.subject) else "lead")


def _is_complaint(look: MailEvidence) -> bool:
    return (
        read_parameter(look.message, "report-type") == "feedback-report"
        or "message/feedback-report" in look.types
        or bool(read_header(look.message, "X-HmXmrOriginalRecipient"))
        or bool(read_header(look.message, "X-Apple-Unsubscribe"))
        or (
            "message/rfc822" in look.types
            and re.search(r"(?im)^x-hmxmroriginalrecipient:", look.whole) is not None
        )
    )


def _is_delivery_report(look: MailEvidence) -> bool:
    kind = read_parameter(look.message, "report-type")
    return (
        kind == "delivery-status"
        or "message/delivery-status" in look.types
        or "message/global-delivery-status" in look.types
        or bool(read_header(look.message, "X-Failed-Recipients"))
    )


def _is_informal_bounce(look: MailEvidence) -> bool:
    """Made like one, and it says so."""
    raw_from = next((str(v) for n, v in look.message.raw_items() if n.lower() == "from"), "")
    path = read_header(look.message, "Return-Path").lower()
    daemon = MAILER_DAEMON.search(raw_from[:1_000])
    made = (
        bool(daemon) + bool(daemon and daemon[0].lower().startswith("mail"))
        + (path in {"<>", "<mailer-daemon>"})
        + bool(MAILER_DAEMON.match(path.lstrip("<")))
        + bool({"message/rfc822", "text/rfc822-headers"} & look.types)
        + (look.message.get_content_type() == "multipart/report")
    )  # fmt: skip
    says = (
        bool(NOT_DELIVERED.search(look.subject)) + bool(NOT_DELIVERED.search(look.said))
        + bool(SMTP_REPLY.search(look.said))
    )  # fmt: skip
    enclosed = bool(
        ENCLOSED_MAIL_START.search(look.said) or ENCLOSED_MAIL_MENTION.search(look.said)
    )
    if path == "<>" and NOT_DELIVERED.search(look.subject):
        return True
    return (made >= 1 and says >= 1 and made + says + enclosed >= 3) or (says >= 2 and enclosed)


def _is_auto_reply(look: MailEvidence) -> bool:
    message = look.message
    empty_path = read_header(message, "Return-Path") == "<>"
    by_itself = read_header(message, "Auto-Submitted").lower()
    answers = read_header(message, "In-Reply-To") or read_header(message, "References")
    return bool(
        by_itself.startswith("auto-replied")
        or (by_itself.startswith("auto-") and answers)
        or read_header(message, "Precedence").lower() in {"auto_reply", "auto-reply"}
        or any(read_header(message, name) for name in AUTO_REPLY_HEADERS)
        or read_parameter(message, "report-type") == "disposition-notification"
        or "message/disposition-notification" in look.types
        or AUTO_REPLY_SUBJECT.match(look.subject)
        or (empty_path and read_header(message, "In-Reply-To"))
    )


def _is_permanent(look: MailEvidence) -> bool:
    """Where fields say failed, unless a status says it may pass: a full mailbox is emptied."""
    fields = [
        (m["name"].lower(), m["value"].strip().lower()) for m in REPORT_FIELD.finditer(look.whole)
    ]
    actions = {value.split()[0] for name, value in fields if name == "action" and value}
    statuses = [value for name, value in fields if name == "status"]
    if actions and "failed" not in actions:
        return False
    if statuses:
        return any(PERMANENT_STATUS.search(status) for status in statuses)
    passing = TEMPORARY_FAILURE.search(look.subject) or TEMPORARY_FAILURE.search(look.said)
    return passing is None and (
        "failed" in actions or PERMANENT_FAILURE.search(look.said) is not None
    )


def _recipients(look: MailEvidence) -> tuple[str, ...]:
    """Best evidence first; what is weaker is asked only where there is nothing better."""
    for way in (
        _recipients_in_fields,
        _recipients_in_json,
        _recipients_in_text,
        _recipients_of_enclosed,
    ):
        found = dict.fromkeys(ADDRESS_SCHEME.sub("", found).strip(".'") for found in way(look))
        if found:
            return tuple(found)[:MOST_RECIPIENTS]
    return ()


def _recipients_in_fields(look: MailEvidence) -> Iterator[str]:
    """Those it failed for: whose own server said so (`Final`) before whom we wrote to."""
    for name in RECIPIENT_HEADERS:
        yield from ADDRESS.findall(read_header(look.message, name))
    groups = [
        {m["name"].lower(): m["value"] for m in reversed(list(REPORT_FIELD.finditer(paragraph)))}
        for paragraph in PARAGRAPH.split(look.whole)
    ]
    failed = [
        g for g in groups if not g.get("action", "").strip().lower().startswith(DELIVERED_ACTIONS)
    ]
    for name in RECIPIENT_FIELDS:
        for group in failed:
            yield from ADDRESS.findall(group.get(name, ""))


def _recipients_in_json(look: MailEvidence) -> Iterator[str]:
    """As Amazon SES has SNS mail it."""
    for found in JSON_RECIPIENTS.finditer(look.said):
        yield from ADDRESS.findall(found["list"])


def _recipients_in_text(look: MailEvidence) -> Iterator[str]:
    """What the report says above the mail it encloses; not whom the report itself is to.

    Each way of saying it counts, and so does that the enclosed mail was to this address.
    """
    enclosed = ENCLOSED_MAIL_START.search(look.said)
    words = look.said[: enclosed.start()] if enclosed and enclosed.start() > 0 else look.said
    own = _report_addresses(look.message)
    points = Counter(
        {found: 0 for found in ADDRESS.findall(words) if _may_be_recipient(found, own)}
    )
    if not points:
        return
    sent_to = {found.lower() for found in _recipients_of_enclosed(look)}
    for weight, pattern in MENTION_WEIGHTS.items():
        for found in {each.strip(".") for each in pattern.findall(words)} & points.keys():
            points[found] += weight
    for found in points:
        points[found] += 2 * (found.lower() in sent_to)
    most = max(points.values())
    yield from (found for found, weight in points.items() if weight == most)


def _may_be_recipient(found: str, own: frozenset[str]) -> bool:
    dotted = "." in found.rpartition("@")[2]
    return dotted and found.lower() not in own and MAILER_DAEMON.match(found) is None


def _recipients_of_enclosed(look: MailEvidence) -> Iterator[str]:
    """Whom the enclosed mail was to, where it was to few."""
    enclosed = ENCLOSED_MAIL_START.search(look.whole, _header_end(look.whole))
    inside = look.whole[enclosed.start() :] if enclosed else look.whole[_header_end(look.whole) :]
    for pattern in (TO_LINE, RECEIVED_FOR_ADDRESS):
        found = [a for text in pattern.findall(inside)[:3] for a in ADDRESS.findall(text)]
        if found:
            yield from found[:3]
            return


def _header_end(whole: str) -> int:
    """Where the mail's own header ends."""
    return max(whole.find("\n\n"), 0)


def _report_addresses(message: Message) -> frozenset[str]:
    """Whom the report itself is from and to: nobody it is about."""
    return frozenset(
        found.lower()
        for name, value in message.raw_items()
        if name.lower() in REPORT_ADDRESS_HEADERS
        for found in ADDRESS.findall(str(value)[:2_000])
    )
