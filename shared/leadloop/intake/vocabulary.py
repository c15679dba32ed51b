"""The labels that form mails use, in a few languages, and our name for each."""

import re

NAMES = {
    "contact.first_name": "first name|firstname|given name|forename|vorname|prénom|imię",
    "contact.last_name": "last name|lastname|surname|family name|nachname|familienname"
    "|nom de famille|apellido|apellidos|cognome|nazwisko|achternaam",
    "contact.name": "name|full name|contact name|sender|from|message from|vollständiger name"
    "|vor- und nachname|nom|nom complet|nombre|nombre completo|nome|imię i nazwisko|naam",
    "contact.email": "email|e-mail|email address|e-mail address|mail|e-mail-adresse|email-adresse"
    "|adresse e-mail|adresse email|courriel|correo|correo electrónico|indirizzo email|adres e-mail"
    "|e-mailadres",
    "contact.phone": "phone|phone number|telephone|telephone number|tel|tel.|mobile|mobile number"
    "|mobile phone|cell|cell phone|contact number|telefon|telefonnummer|rufnummer|handy|mobil"
    "|téléphone|portable|numéro de téléphone|teléfono|móvil|telefono|cellulare|numer telefonu"
    "|telefoon|telefoonnummer",
    "contact.company": "company|company name|organisation|organization|business name|firma"
    "|unternehmen|société|entreprise|empresa|azienda|bedrijf",
    "contact.job_title": "job title|position|title|role|funktion|poste|cargo|stanowisko",
    "contact.street": "address|street|street address|straße|strasse|adresse|anschrift|rue"
    "|dirección|indirizzo|ulica",
    "contact.city": "city|town|ort|stadt|ville|ciudad|città|miasto",
    "contact.region": "state|region|province|county|bundesland|provincia",
    "contact.postcode": "postcode|postal code|zip|zip code|postleitzahl|plz|code postal"
    "|código postal|cap|kod pocztowy",
    "contact.country": "country|land|pays|país|paese|kraj",
    "contact.website": "website|web site|url|webseite|site web|sitio web",
    "interest.product": "product|vehicle|property|property address|service|service type"
    "|service category|service needed|service requested|interested in|about|produkt|fahrzeug"
    "|leistung|produit|véhicule|producto|vehículo|prodotto|usługa",
    "interest.message": "message|message body|comment|comments|questions / comments|note|notes"
    "|question|questions|inquiry|enquiry|job description|your message|nachricht|anfrage|bemerkung"
    "|kommentar|mensaje|comentarios|messaggio|wiadomość|bericht|treść wiadomości",
    "interest.budget": "budget|budżet|presupuesto",
    "interest.timeframe": "timeframe|timeline|time frame|when|zeitraum|zeitrahmen|délai|plazo",
    "interest.employees": "employees|number of employees|company size|mitarbeiter|employés",
    "fields.vendor_lead_id": "lead id|lead number|reference|ref|ref #|ref.|reference number",
    "fields.accepts_marketing": "accepts marketing",
}
COMMON = {label: name for name, labels in NAMES.items() for label in labels.split("|")}
OWNER = re.compile(
    r"^(?:(?:the|your|ihr|ihre|votre|tu|su|il tuo|twój|twoje)\s+)?"
    r"(?:(?:renter|customer|buyer|client|contact|lead|visitor|tenant|consumer|prospect|guest"
    r"|homeowner|kunde)(?:'s|s')?\s+)?"
)
# The end from the first of its signs only: a long run inside a line is looked at once.
EDGES = re.compile(r"^[^\w]+|(?<![^\w.#])[^\w.#]+$")
# What vendors print below the fields; it belongs to no field.
FOOTER = re.compile(
    r"^\W{0,4}(?:manage submissions|does this submission look like spam|reply directly|reply on "
    r"|this e-?mail was sent|this message was sent|sent via |sent from |unsubscribe|view full "
    r"|view details|you can (?:reply|respond)|to reply, |log ?in to |click here|powered by "
    r"|diese e-?mail wurde|copyright|©|if you (?:no longer|do not) wish)",
    re.IGNORECASE,
)
# Where an older mail begins that is only quoted.
QUOTED = re.compile(
    r"^(?:-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine|forwarded message)"
    r"|on .{5,120} wrote:\s*$|am .{5,120} schrieb .{1,120}:\s*$|le .{5,120} a écrit\s?:\s*$"
    r"|el .{5,120} escribió:\s*$|_{20,}\s*$)",
    re.IGNORECASE,
)


def plain_label(label: str) -> str:
    """A label without its decoration: "📌 *Phone Number*" and "phone  number" are one."""
    return EDGES.sub("", " ".join(label.replace("’", "'").casefold().split()))


def known(label: str, own: dict[str, str]) -> str | None:
    """Our name for a vendor's label; its own playbook is asked first."""
    plain = plain_label(label)
    if plain in own:
        return own[plain]
    return COMMON.get(plain) or COMMON.get(OWNER.sub("", plain, count=1))
