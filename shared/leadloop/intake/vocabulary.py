"""The labels that form mails use, in a few languages, and our name for each."""

import re
from collections.abc import Mapping
from functools import lru_cache

LONGEST_LABEL = 120
NAMES = {
    "contact.first_name": "first name|firstname|first|given name|given names|forename|vorname"
    "|rufname|prénom|imię|nombre de pila|primer nombre|primeiro nome|voornaam|förnamn|fornavn"
    "|etunimi|křestní jméno|jméno|keresztnév|prenume|ad|adı|isim|имя|名|名字",
    "contact.last_name": "last name|lastname|last|surname|family name|nachname|familienname|zuname"
    "|nom de famille|apellido|apellidos|cognome|sobrenome|apelido|nazwisko|achternaam|efternamn"
    "|etternavn|efternavn|sukunimi|příjmení|vezetéknév|nume de familie|soyad|soyadı|фамилия|姓",
    "contact.name": "name|full name|contact name|contact person|sender|sender name|from"
    "|message from|lead name|name of customer|requested by|submitted by|vollständiger name"
    "|vor- und nachname|vorname und nachname|vor- & nachname|ihr name|ansprechpartner"
    "|kontaktperson|absender|nom|nom complet|nom et prénom|prénom et nom|nom prénom|nombre"
    "|nombre completo|nombre y apellidos|nome|nome completo|nome e cognome|imię i nazwisko"
    "|nazwa|naam|volledige naam|namn|fullständigt namn|navn|fullt navn|nimi|koko nimi"
    "|jméno a příjmení|celé jméno|név|teljes név|nume|nume complet|nume și prenume|ad soyad"
    "|adı soyadı|isim soyisim|фио|имя и фамилия|ваше имя|имя|お名前|氏名|名前|姓名|이름|성함|الاسم",
    "contact.email": "email|e-mail|email address|e-mail address|mail|mail address|email id"
    "|contact email|reply email|from email|sender email|e-mail-adresse|email-adresse"
    "|emailadresse|mailadresse|adresse e-mail|adresse email|adresse mail|adresse électronique"
    "|courriel|correo|correo electrónico|email de contacto|indirizzo email|indirizzo e-mail"
    "|posta elettronica|endereço de e-mail|endereço de email|adres e-mail|adres email"
    "|e-mailadres|emailadres|e-post|e-postadress|epost|e-postadresse|sähköposti"
    "|sähköpostiosoite|e-mail cím|email cím|adresă de email|adresa de email|e-posta"
    "|e-posta adresi|eposta|электронная почта|эл. почта|почта|メール|メールアドレス|電子郵件"
    "|电子邮件|邮箱|电子邮箱|이메일|البريد الإلكتروني",
    "contact.phone": "phone|phone number|phone no|phone no.|telephone|telephone number"
    "|telephone no|tel|tel.|mobile|mobile number|mobile no|mobile phone|cell|cell phone"
    "|cellphone|contact number|contact phone|contact no|daytime phone|evening phone|home phone"
    "|best phone|best phone number|preferred phone|callback number|call back number|whatsapp"
    "|whatsapp number|telefon|telefonnummer|telefon-nr.|tel.-nr.|tel-nr.|tel.nr.|rufnummer"
    "|rückrufnummer|handy|handynummer|mobil|mobilnummer|mobiltelefon|téléphone"
    "|téléphone portable|téléphone mobile|tél|tél.|portable|numéro de téléphone|n° de téléphone"
    "|teléfono|teléfono móvil|número de teléfono|móvil|celular|telefono|numero di telefono"
    "|cellulare|telefone|telemóvel|numer telefonu|nr telefonu|telefon kontaktowy|telefoon"
    "|telefoonnummer|mobiel|mobielnummer|telefonnr|mobiltelefonnummer|puhelin|puhelinnumero"
    "|telefonní číslo|telefonszám|număr de telefon|telefon numarası|cep telefonu|телефон"
    "|номер телефона|контактный телефон|電話|電話番号|携帯電話|电话|手机|手机号|联系电话|電話號碼"
    "|전화번호|연락처|휴대폰|الهاتف|رقم الهاتف",
    "contact.company": "company|company name|organisation|organization|business|business name"
    "|firm|firma|firmenname|unternehmen|betrieb|société|entreprise|raison sociale|empresa|azienda"
    "|ragione sociale|bedrijf|bedrijfsnaam|nazwa firmy|företag|virksomhed|selskap|yritys"
    "|společnost|cég|cégnév|companie|şirket|компания|организация|会社名|公司|公司名称|회사",
    "contact.job_title": "job title|position|title|role|funktion|poste|fonction|cargo|puesto"
    "|stanowisko|functie|titel|должность|職種|职位",
    "contact.street": "address|street|street address|mailing address|home address|straße|strasse"
    "|straße und hausnummer|straße, nr.|adresse|anschrift|rue|dirección|indirizzo|endereço|ulica"
    "|adres|straat|adress|osoite|cím|adresă|адрес|住所|地址|주소",
    "contact.city": "city|town|city / town|ort|stadt|wohnort|ville|ciudad|localidad|città|comune"
    "|cidade|miasto|miejscowość|plaats|woonplaats|stad|ort/stad|by|kaupunki|město|város|oraș"
    "|şehir|город|市区町村|城市",
    "contact.region": "state|region|province|county|state / province|bundesland|provincia|région"
    "|département|estado|województwo",
    "contact.postcode": "postcode|post code|postal code|zip|zip code|zipcode|zip / postal code"
    "|postleitzahl|plz|code postal|código postal|codice postale|cap|cep|kod pocztowy|postcode:"
    "|postnummer|postinumero|psč|irányítószám|cod poștal|posta kodu|индекс|郵便番号|邮编|우편번호",
    "contact.country": "country|land|pays|país|paese|kraj|maa|země|ország|țară|ülke|страна|国|国家",
    "contact.website": "website|web site|url|webseite|site web|sitio web|sito web|strona www",
    "interest.product": "product|vehicle|vehicle of interest|property|property address"
    "|listing address|service|service type|service category|service needed|service requested"
    "|type of service|project type|job type|category|interested in|interest|i am interested in"
    "|about|model|stock|listing|ad title|advert|produkt|fahrzeug|leistung|objekt|interesse an"
    "|interesse|produit|véhicule|bien|annonce|producto|vehículo|servicio|inmueble|prodotto"
    "|veicolo|immobile|produto|veículo|imóvel|usługa|pojazd|product of dienst|voertuig|fordon"
    "|tuote|продукт|услуга|автомобиль|製品|产品",
    "interest.message": "message|message body|message text|comment|comments|customer comments"
    "|additional comments|additional information|questions / comments|comments / questions"
    "|comments or questions|note|notes|question|questions|inquiry|enquiry|details"
    "|project details|project description|job description|request|request details|your message"
    "|how can we help|how can we help you|what can we do for you|nachricht|ihre nachricht"
    "|anfrage|ihre anfrage|anfragetext|anliegen|ihr anliegen|mitteilung|bemerkung|bemerkungen"
    "|kommentar|message du client|commentaire|commentaires|votre message|demande|votre demande"
    "|mensaje|comentario|comentarios|consulta|messaggio|richiesta|commenti|note aggiuntive"
    "|mensagem|comentários|wiadomość|treść|treść wiadomości|uwagi|zapytanie|bericht|uw bericht"
    "|opmerking|opmerkingen|vraag|meddelande|besked|melding|viesti|zpráva|poznámka|üzenet"
    "|megjegyzés|mesaj|mesajınız|сообщение|комментарий|ваш вопрос|お問い合わせ内容|メッセージ"
    "|ご質問|留言|讯息|消息|문의내용|메시지|الرسالة",
    "interest.budget": "budget|price range|max budget|budżet|presupuesto|orçamento|бюджет|予算",
    "interest.timeframe": "timeframe|timeline|time frame|when|move-in date|desired move in"
    "|preferred date|zeitraum|zeitrahmen|wunschtermin|délai|plazo|termin|tempistica",
    "interest.employees": "employees|number of employees|company size|team size|mitarbeiter"
    "|mitarbeiterzahl|employés|effectif|empleados|dipendenti",
    "fields.vendor_lead_id": "lead id|lead number|lead no|lead no.|lead ref|reference|ref|ref #"
    "|ref.|reference number|request id|inquiry id|enquiry id|anfrage-nr.|anfragenummer",
    "fields.accepts_marketing": "accepts marketing",
}
COMMON = {label: name for name, labels in NAMES.items() for label in labels.split("|")}
OWNER = re.compile(
    r"^(?:(?:what is|what's|please enter|enter|provide|please provide)\s+)?"
    r"(?:(?:the|your|my|ihr|ihre|deine|dein|votre|vos|tu|su|il tuo|la tua|seu|sua|twój|twoje|twoja"
    r"|uw|je|din|dit|ditt|váš|vaše)\s+)?"
    r"(?:(?:renter|customer|buyer|client|contact|lead|visitor|tenant|consumer|prospect|guest"
    r"|homeowner|shopper|applicant|inquirer|enquirer|requester|sender|submitter|patient"
    r"|student|member|subscriber|kunde|kunden|interessent|interessenten|klient|cliente|client)"
    r"(?:'s|s')?[\s-]+)?"
)
OF_OWNER = re.compile(
    r"(?:\s(?:of|des|der|du|de la|del|della|dello|do|da)\s(?:the )?(?:customer|client|buyer|lead"
    r"|kunden|interessenten|absenders|anfragenden|client|cliente))$"
)
ASIDE = re.compile(r"\s?[(\[][^()\[\]]{0,40}+[)\]]?\s?\*?$|^(?:\d{1,2}|q\d{1,2})\s?[.):]\s?")
_OTHER = (
    "agent|listing agent|buyer'?s agent|sales agent|agency|dealer|dealership|dealer name|seller"
    "|salesperson|sales ?person|sales rep|sales consultant|rep|representative|account manager"
    "|manager|property manager|leasing (?:agent|office)|landlord|owner|listing (?:broker|office)"
    "|broker|realtor|advertiser|vendor|provider|lead provider|store|branch|location manager|host"
    "|assigned(?: to| agent| rep)?|assigned by|routed to|recipient|sent to|referred by|referrer"
    "|(?:ihre? |dein )(?:persönlicher? )?ansprechpartner(?:in)?|ihr kontakt|interlocuteur"
    "|contactpersoon bij ons|referente|employee|support|webmaster|administrator|makler"
    "|ansprechpartner im haus|händler|autohaus"
    "|verkäufer|anbieter|vermieter|betreuer|zuständig|bearbeiter|filiale|vendeur|concessionnaire"
    "|concession|agence|conseiller|annonceur|vendedor|concesionario|agencia|inmobiliaria|asesor"
    "|venditore|concessionaria|agenzia|consulente|inserzionista|anunciante|imobiliária"
    "|sprzedawca|opiekun|doradca|ogłoszeniodawca|verkoper|makelaar|aanbieder|säljare|mäklare"
    "|sælger|selger|megler|prodejce|makléř|satıcı|danışman|продавец|агент|менеджер|дилер"
)
_PART = (
    r"(?: (?:info|information|informationen|details|contact|contact info|contact information"
    r"|contact details|data|name|profile|kontakt|kontaktdaten|daten|coordonnées|datos|dati))?"
)
# Who is named in lead mails besides the person: a label, or the heading of a part of the mail.
OTHERS = re.compile(rf"(?:your |the |ihr |votre |su |il tuo )?(?:{_OTHER}){_PART}")
THEIR_HEADING = re.compile(
    rf"(?:your |the |ihr |ihre |votre |su |il tuo )?(?:{_OTHER}){_PART}"
    rf"|(?:about|contact) (?:your |the )?(?:{_OTHER})"
)
YOUR_HEADING = re.compile(
    r"(?:your |the |new )?(?:customer|client|buyer|contact|lead|prospect|consumer|renter|tenant"
    r"|applicant|shopper|visitor|guest|homeowner|user|sender|inquirer|submission|form|inquiry"
    r"|enquiry|request|personal|kunden?|kunde|interessent|interessenten|kontakt|absender|anfrage"
    r"|client|contact|coordonnées|demandeur|acheteur|cliente|comprador|interesado|acquirente"
    r"|richiedente|klient|kupujący|klant|kund)"
    r"(?:'s)?(?:[ -]?(?:info|information|informationen|informations|details|contact|contact info"
    r"|contact information|contact details|data|daten|angaben|kontaktdaten|kontakt|coordonnées"
    r"|datos|dati|dane|gegevens|uppgifter|fields|responses|answers|summary))?"
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
    r"|el .{5,120} escribió:\s*$|il .{5,120} ha scritto:\s*$|op .{5,120} schreef .{1,120}:\s*$"
    r"|_{20,}\s*$|\s{0,40}(?:received: (?:from|by)\b|return-path:|mime-version: 1"
    r"|message-id: {0,4}<))",
    re.IGNORECASE,
)


def plain_label(label: str) -> str:
    """A label without its decoration: "📌 *Phone Number*" and "phone  number" are one."""
    return EDGES.sub("", " ".join(label.replace("’", "'").casefold().split()))


@lru_cache(maxsize=4_096)
def common(plain: str) -> str | None:
    """Our name for a label in plain form, whoever's it is said to be."""
    bare = plain_label(ASIDE.sub("", plain))
    for label in (plain, bare):
        for way in (label, OWNER.sub("", label, count=1), OF_OWNER.sub("", label)):
            if way in COMMON:
                return COMMON[way]
    return None


def known(label: str, own: Mapping[str, str]) -> str | None:
    """Our name for a vendor's label; its own playbook is asked first."""
    if len(label) > LONGEST_LABEL:
        return None
    plain = plain_label(label)
    return own[plain] if plain in own else common(plain)
