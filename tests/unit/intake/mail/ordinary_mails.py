"""Ordinary mails that are no inquiry: 11 kinds in 10 languages, each in two layouts.

They are written by variation: what such a mail says in each language is a row of `SUBJECTS` and
`LABELS`; how it is built is a function of `KINDS`. All persons and houses are invented.
"""

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import NamedTuple

KIND_NAMES = (
    "newsletter", "receipt", "shipping", "calendar", "away", "code", "invoice", "application",
    "social", "offer", "bank",
)  # fmt: skip
# One subject for each kind, in the order of `KIND_NAMES`.
SUBJECTS = {
    "en": (
        "Mill Letter: ten ideas for spring",
        "Your receipt from Mill Store",
        "Your parcel is on its way",
        "Invitation: Budget talk @ Mon 9 Mar 2026 10:00",
        "I am out of the office until 9 March",
        "482913 is your sign-in code",
        "Invoice 2026-0417 is due",
        "Application as warehouse clerk",
        "Rosa Kern mentioned you in a comment",
        "Our price list for cardboard boxes",
        "Your account statement for February",
    ),
    "de": (
        "Mühlenbrief: zehn Ideen für den Frühling",
        "Ihre Quittung von Mühle Laden",
        "Ihr Paket ist unterwegs",
        "Einladung: Haushaltsrunde, Mo. 9. März 2026 10:00",
        "Ich bin bis 9. März nicht im Büro",
        "482913 ist Ihr Anmeldecode",
        "Rechnung 2026-0417 ist fällig",
        "Bewerbung als Lagerist",
        "Rosa Kern hat Sie in einem Kommentar erwähnt",
        "Unsere Preisliste für Kartons",
        "Ihr Kontoauszug für Februar",
    ),
    "fr": (
        "La lettre du Moulin : dix idées pour le printemps",
        "Votre reçu de la boutique Moulin",
        "Votre colis est en route",
        "Invitation : réunion budget lun. 9 mars 2026 10:00",
        "Absente du bureau jusqu'au 9 mars",
        "482913 est votre code de connexion",
        "Facture 2026-0417 à échéance",
        "Candidature au poste de magasinier",
        "Rose Kern vous a mentionné dans un commentaire",
        "Nos tarifs pour cartons d'emballage",
        "Votre relevé de compte de février",
    ),
    "es": (
        "La carta del Molino: diez ideas para la primavera",
        "Su recibo de la tienda Molino",
        "Su paquete está en camino",
        "Invitación: reunión de presupuesto lun 9 mar 2026 10:00",
        "Fuera de la oficina hasta el 9 de marzo",
        "482913 es su código de acceso",
        "Factura 2026-0417 vencida",
        "Candidatura para el puesto de almacenista",
        "Rosa Campos te mencionó en un comentario",
        "Nuestra lista de precios de cajas",
        "Su extracto de cuenta de febrero",
    ),
    "it": (
        "La lettera del Mulino: dieci idee per la primavera",
        "La sua ricevuta di Mulino Negozio",
        "Il suo pacco è in viaggio",
        "Invito: riunione bilancio lun 9 mar 2026 10:00",
        "Fuori ufficio fino al 9 marzo",
        "482913 è il tuo codice di accesso",
        "Fattura 2026-0417 in scadenza",
        "Candidatura come magazziniere",
        "Rosa Bianchi ti ha menzionato in un commento",
        "Il nostro listino prezzi per scatole",
        "Il suo estratto conto di febbraio",
    ),
    "pt": (
        "A carta do Moinho: dez ideias para a primavera",
        "O seu recibo da loja Moinho",
        "A sua encomenda está a caminho",
        "Convite: reunião de orçamento seg 9 mar 2026 10:00",
        "Fora do escritório até 9 de março",
        "482913 é o seu código de acesso",
        "Fatura 2026-0417 vencida",
        "Candidatura à vaga de armazém",
        "Rosa Campos mencionou você em um comentário",
        "A nossa tabela de preços de caixas",
        "O seu extrato bancário de fevereiro",
    ),
    "nl": (
        "Molenpost: tien ideeën voor de lente",
        "Uw bon van Molen Winkel",
        "Uw pakket is onderweg",
        "Uitnodiging: begrotingsoverleg ma 9 mrt 2026 10:00",
        "Afwezig tot 9 maart",
        "482913 is uw inlogcode",
        "Factuur 2026-0417 is vervallen",
        "Sollicitatie magazijnmedewerker",
        "Rosa Kern heeft je genoemd in een reactie",
        "Onze prijslijst voor dozen",
        "Uw rekeningafschrift van februari",
    ),
    "pl": (
        "List z Młyna: dziesięć pomysłów na wiosnę",
        "Twój paragon ze sklepu Młyn",
        "Twoja paczka jest w drodze",
        "Zaproszenie: narada budżetowa pon. 9 mar 2026 10:00",
        "Nieobecność do 9 marca",
        "482913 to Twój kod logowania",
        "Faktura 2026-0417 po terminie",
        "Aplikacja na stanowisko magazyniera",
        "Róża Kos wspomniała o Tobie w komentarzu",
        "Nasz cennik kartonów",
        "Wyciąg z rachunku za luty",
    ),
    "sv": (
        "Kvarnbrevet: tio idéer för våren",
        "Ditt kvitto från Kvarn Butik",
        "Ditt paket är på väg",
        "Inbjudan: budgetmöte mån 9 mars 2026 10:00",
        "Frånvarande till 9 mars",
        "482913 är din inloggningskod",
        "Faktura 2026-0417 förfaller",
        "Ansökan som lagerarbetare",
        "Rosa Kvist nämnde dig i en kommentar",
        "Vår prislista för kartonger",
        "Ditt kontoutdrag för februari",
    ),
    "ja": (
        "水車通信：春の十のアイデア",
        "水車ストアの領収書",
        "お荷物を発送しました",
        "招待：予算会議 2026年3月9日 10:00",
        "不在のお知らせ（3月9日まで）",
        "482913 はログインコードです",
        "請求書 2026-0417 のお支払期限",
        "倉庫係への応募",
        "山田花子さんがコメントであなたに言及しました",
        "段ボール箱の価格表のご案内",
        "2月の口座明細書",
    ),
}


class Labels(NamedTuple):
    """The words of one language before a colon, and a sentence that fits every mail."""

    name: str
    email: str
    phone: str
    company: str
    number: str
    amount: str
    sentence: str
    closing: str


LABELS = {
    "en": Labels(
        "Name",
        "Email",
        "Phone",
        "Company",
        "Number",
        "Amount",
        "Please find the details below.",
        "Kind regards",
    ),
    "de": Labels(
        "Name",
        "E-Mail",
        "Telefon",
        "Firma",
        "Nummer",
        "Betrag",
        "Die Einzelheiten stehen unten.",
        "Mit freundlichen Grüßen",
    ),
    "fr": Labels(
        "Nom",
        "E-mail",
        "Téléphone",
        "Société",
        "Numéro",
        "Montant",
        "Vous trouverez les détails ci-dessous.",
        "Cordialement",
    ),
    "es": Labels(
        "Nombre",
        "Correo electrónico",
        "Teléfono",
        "Empresa",
        "Número",
        "Importe",
        "A continuación encontrará los detalles.",
        "Un saludo",
    ),
    "it": Labels(
        "Nome",
        "Email",
        "Telefono",
        "Azienda",
        "Numero",
        "Importo",
        "Di seguito i dettagli.",
        "Cordiali saluti",
    ),
    "pt": Labels(
        "Nome",
        "E-mail",
        "Telefone",
        "Empresa",
        "Número",
        "Valor",
        "Seguem os detalhes abaixo.",
        "Atenciosamente",
    ),
    "nl": Labels(
        "Naam",
        "E-mail",
        "Telefoon",
        "Bedrijf",
        "Nummer",
        "Bedrag",
        "De gegevens staan hieronder.",
        "Met vriendelijke groet",
    ),
    "pl": Labels(
        "Imię i nazwisko",
        "E-mail",
        "Telefon",
        "Firma",
        "Numer",
        "Kwota",
        "Szczegóły znajdują się poniżej.",
        "Z poważaniem",
    ),
    "sv": Labels(
        "Namn",
        "E-post",
        "Telefon",
        "Företag",
        "Nummer",
        "Belopp",
        "Uppgifterna finns nedan.",
        "Med vänliga hälsningar",
    ),
    "ja": Labels(
        "お名前",
        "メールアドレス",
        "電話番号",
        "会社名",
        "番号",
        "金額",
        "詳細は以下のとおりです。",
        "敬具",
    ),
}
PERSON = "Rosa Kern"
HOUSE = "Mill Store"


class OrdinaryMail(NamedTuple):
    """A mail with what it is, for the message of a test that fails."""

    kind: str
    language: str
    layout: str
    body: bytes


def ordinary_mails() -> Iterator[OrdinaryMail]:
    """All 220 mails."""
    for language, labels in LABELS.items():
        for kind, subject in zip(KIND_NAMES, SUBJECTS[language], strict=True):
            for layout in ("text", "table"):
                message = EmailMessage()
                message["Subject"] = subject
                message["To"] = "leads@inbound.example"
                message["Message-ID"] = f"<{kind}.{language}.{layout}@mill.example>"
                KINDS[kind](message, labels, layout)
                yield OrdinaryMail(kind, language, layout, message.as_bytes())


def _fill(
    message: EmailMessage, labels: Labels, layout: str, rows: dict[str, str], *below: str
) -> None:
    """The text with its rows as lines, or as a table in HTML beside a plain text."""
    if layout == "text":
        lines = [f"{label}: {value}" for label, value in rows.items()]
        message.set_content("\n".join((labels.sentence, "", *lines, "", *below)) + "\n")
        return
    cells = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows.items())
    under = "".join(f"<p>{line}</p>" for line in below)
    message.set_content("\n".join((labels.sentence, "", *below)) + "\n")
    message.add_alternative(
        f"<p>{labels.sentence}</p><table>{cells}</table>{under}", subtype="html"
    )


def _signature(labels: Labels, name: str, email: str) -> tuple[str, ...]:
    return (labels.closing, name, f"{labels.phone}: +49 30 5550101", f"{labels.email}: {email}")


def _newsletter(message: EmailMessage, labels: Labels, layout: str) -> None:
    name = message["Subject"].partition(":")[0].partition("：")[0].strip()
    message["From"] = f"{name} <post@mill.example>"
    message["Reply-To"] = f"{name} <post@mill.example>"
    if layout == "table":
        message["List-Unsubscribe"] = "<https://mill.example/out>"
    _fill(message, labels, layout, {}, f"{labels.phone}: +49 30 5550100", "https://mill.example/3")


def _receipt(message: EmailMessage, labels: Labels, layout: str) -> None:
    message["From"] = f"{HOUSE} <shop@mill.example>"
    if layout == "table":
        message["Reply-To"] = "orders@mill.example"
    rows = {labels.number: "2026-77", labels.name: PERSON, labels.email: "rosa@kern.example",
            labels.amount: "84.20"}  # fmt: skip
    _fill(message, labels, layout, rows, labels.closing, HOUSE)


def _shipping(message: EmailMessage, labels: Labels, layout: str) -> None:
    message["From"] = "Parcels <tracking@parcel.example>"
    rows = {labels.number: "JD0147750", labels.name: PERSON, labels.phone: "030 5550101"}
    _fill(message, labels, layout, rows, "https://parcel.example/JD0147750")


def _calendar(message: EmailMessage, labels: Labels, layout: str) -> None:
    message["From"] = f"{PERSON} <rosa@kern.example>"
    if layout == "table":
        message.replace_header("From", "Calendar <calendar-notification@cal.example>")
        message["Reply-To"] = f"{PERSON} <rosa@kern.example>"
    _fill(message, labels, "text", {labels.name: PERSON, labels.email: "rosa@kern.example"})
    invitation = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    message.add_alternative(invitation, subtype="calendar", params={"method": "REQUEST"})


def _away(message: EmailMessage, labels: Labels, layout: str) -> None:
    message["From"] = f"{PERSON} <rosa@kern.example>"
    rows = {
        labels.name: "Otto Mill",
        labels.email: "otto@kern.example",
        labels.phone: "030 5550109",
    }
    _fill(message, labels, layout, rows)


def _code(message: EmailMessage, labels: Labels, layout: str) -> None:
    message["From"] = f"{HOUSE} <account@mill.example>"
    rows = {labels.email: "rosa@kern.example", labels.number: "482913"}
    _fill(message, labels, layout, rows, "https://mill.example/account")


def _invoice(message: EmailMessage, labels: Labels, layout: str) -> None:
    message["From"] = "Otto Mill <otto@mill.example>"
    if layout == "table":
        message["Reply-To"] = "otto@millbooks.example"
    rows = {labels.number: "2026-0417", labels.amount: "1 204.00", labels.company: "Mill Ltd"}
    _fill(message, labels, layout, rows, *_signature(labels, "Otto Mill", "otto@mill.example"))


def _application(message: EmailMessage, labels: Labels, layout: str) -> None:
    message["From"] = f"{PERSON} <rosa@kern.example>"
    if layout == "table":
        message.replace_header("From", "Jobs <alerts@jobs.example>")
        message["Reply-To"] = f"{PERSON} <rosa@kern.example>"
    rows = {labels.name: PERSON, labels.email: "rosa@kern.example", labels.phone: "030 5550101"}
    _fill(message, labels, layout, rows)


def _social(message: EmailMessage, labels: Labels, layout: str) -> None:
    message["From"] = f"{message['Subject'].partition(' ')[0]} Kern <notify-7ab2@social.example>"
    if layout == "table":
        message.replace_header("From", f"{PERSON} via Social <reply+7ab2c9d1@reply.social.example>")
    _fill(message, labels, layout, {}, "https://social.example/c/7")


def _offer(message: EmailMessage, labels: Labels, layout: str) -> None:
    message["From"] = "Otto Mill <otto@boxes.example>"
    if layout == "table":
        message.replace_header("From", "Otto Mill <otto@mail.boxes.example>")
        message["Reply-To"] = "Otto Mill <otto.mill@boxworks.example>"
    _fill(message, labels, layout, {}, *_signature(labels, "Otto Mill", "otto@boxes.example"))


def _bank(message: EmailMessage, labels: Labels, layout: str) -> None:
    message["From"] = "River Bank <service@riverbank.example>"
    rows = {labels.name: PERSON, labels.number: "**** 4417", labels.amount: "204.00"}
    _fill(message, labels, layout, rows, f"{labels.phone}: 0800 5550100")


KINDS: dict[str, Callable[[EmailMessage, Labels, str], None]] = {
    "newsletter": _newsletter, "receipt": _receipt, "shipping": _shipping, "calendar": _calendar,
    "away": _away, "code": _code, "invoice": _invoice, "application": _application,
    "social": _social, "offer": _offer, "bank": _bank,
}  # fmt: skip
