"""The labels that form mails use, in a few languages, and our name for each."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

LONGEST_LABEL = 120
MOST_ALTERNATIVES = 3
LABELS_BY_FIELD = {
    "contact.first_name": "first name|firstname|first|given name|given names|forename|vorname"
    "|rufname|prénom|imię|nombre de pila|primer nombre|primeiro nome|voornaam|förnamn|fornavn"
    "|etunimi|křestní jméno|jméno|keresztnév|prenume|ad|adı|isim|имя|名|名字"
    "|nombres|imiona|etunimet|ім'я|име|ime|όνομα|שם פרטי|nama depan|vardas|vārds|eesnimi"
    "|الاسم الأول|نام|adınız|nome próprio|krstné meno|meno",
    "contact.last_name": "last name|lastname|last|surname|family name|nachname|familienname|zuname"
    "|nom de famille|apellido|apellidos|cognome|sobrenome|apelido|nazwisko|achternaam|efternamn"
    "|etternavn|efternavn|sukunimi|příjmení|vezetéknév|nume de familie|soyad|soyadı|фамилия|姓"
    "|apellido paterno|primer apellido|прізвище|фамилия|prezime|priimek|επώνυμο|שם משפחה"
    "|nama belakang|pavardė|uzvārds|perekonnanimi|اسم العائلة|نام خانوادگی|soyadınız"
    "|priezvisko|นามสกุล",
    "contact.name": "name|full name|contact name|contact person|sender|sender name|from"
    "|message from|lead name|name of customer|requested by|submitted by|vollständiger name"
    "|vor- und nachname|vorname und nachname|vor- & nachname|ihr name|ansprechpartner"
    "|kontaktperson|absender|nom|nom complet|nom et prénom|prénom et nom|nom prénom|nombre"
    "|nombre completo|nombre y apellidos|nome|nome completo|nome e cognome|imię i nazwisko"
    "|nazwa|naam|volledige naam|namn|fullständigt namn|navn|fullt navn|nimi|koko nimi"
    "|jméno a příjmení|celé jméno|név|teljes név|nume|nume complet|nume și prenume|ad soyad"
    "|adı soyadı|isim soyisim|фио|имя и фамилия|ваше имя|имя|お名前|氏名|名前|姓名|이름|성함|الاسم"
    "|realname|anfrage von|nachricht von|inquiry from|enquiry from|request from"
    "|contact request from|demande de|message de|mensaje de|consulta de|messaggio da"
    "|richiesta da|mensagem de|wiadomość od|bericht van|заявка от|сообщение от"
    "|nombre y apellido|nombres y apellidos|navn og etternavn|for- og efternavn"
    "|för- och efternamn|имя клиента|фамилия и имя|піб|прізвище та ім'я|име и фамилия"
    "|ime i prezime|ime in priimek|ονοματεπώνυμο|שם|שם מלא|الاسم الكامل|اسم العميل"
    "|نام و نام خانوادگی|họ và tên|họ tên|tên|ชื่อ|ชื่อ-นามสกุล|nama|nama lengkap|नाम"
    "|お名前（漢字）"
    "|ご氏名|担当者名|ご担当者名|ご担当者|客户姓名|客户名称|联系人|联系人姓名|您的姓名|聯絡人|聯絡人姓名|성명"
    "|신청자|고객명|adınız soyadınız|participant"
    "|attendee|purchaser|customer|client|buyer|renter|tenant|applicant|kunde|interessent"
    "|interessentin|käufer|mieter|acheteur|demandeur|locataire|cliente|comprador|interesado"
    "|acquirente|richiedente|klient|kupujący|klant|kund|köpare|køber|zákazník|клиент|покупатель"
    "|заказчик|покупець|замовник|müşteri|العميل",
    "contact.email": "email|emails|e-mail|email address|e-mail address|mail|mail address|email id"
    "|contact email|reply email|from email|sender email|e-mail-adresse|email-adresse"
    "|emailadresse|mailadresse|adresse e-mail|adresse email|adresse mail|adresse électronique"
    "|courriel|correo|correo electrónico|email de contacto|indirizzo email|indirizzo e-mail"
    "|posta elettronica|endereço de e-mail|endereço de email|adres e-mail|adres email"
    "|e-mailadres|emailadres|e-post|e-postadress|epost|e-postadresse|sähköposti"
    "|sähköpostiosoite|e-mail cím|email cím|adresă de email|adresa de email|e-posta"
    "|e-posta adresi|eposta|электронная почта|эл. почта|почта|メール|メールアドレス|電子郵件"
    "|电子邮件|邮箱|电子邮箱|이메일|البريد الإلكتروني"
    "|work email|business email|personal email|private email|primary email|your email address"
    "|e-mail de contacto|email de contato|correio eletrónico|correio eletrônico|adresse courriel"
    "|mél|електронна пошта|ел. пошта|имейл|ηλεκτρονική διεύθυνση|ηλεκτρονικό ταχυδρομείο"
    '|διεύθυνση email|el. paštas|e-pasts|el. pošta|elektronska pošta|דוא"ל|דואר אלקטרוני|אימייל'
    "|מייל|כתובת מייל|البريد|البريد الالكتروني|الايميل|ایمیل|địa chỉ email|อีเมล|ईमेल|eメール"
    "|e-mailアドレス|客户邮箱|信箱|电子信箱|電子信箱|邮件|邮箱地址|電郵|电邮|이메일 주소|메일 주소"
    "|e-posta adresiniz",
    "contact.phone": "phone|phones|phone number|phone no|phone no.|telephone|telephone number"
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
    "|전화번호|연락처|휴대폰|الهاتف|رقم الهاتف"
    "|work phone|business phone|primary phone|day phone|mobile telephone|tel no|natel|festnetz"
    "|mobilfunk|mobilfunknummer|telefon mobil|telefon privat|telefon tagsüber|tél. portable"
    "|tél. mobile|tél. fixe|téléphone fixe|teléfono celular|teléfono de contacto|teléfono fijo"
    "|número de contacto|número de celular|recapito telefonico|telefono cellulare"
    "|telefone celular|telefone de contato|telefone de contacto|numer kontaktowy|tlf|tlf."
    "|tlf.nr.|tel.nr|mobilnr|mobilnr.|ваш телефон|телефон для связи|мобильный телефон"
    "|моб. телефон|тел.|тел|номер телефону|мобільний телефон|τηλέφωνο|κινητό|κινητό τηλέφωνο"
    "|τηλέφωνο επικοινωνίας|telefonas|tālrunis|telefonska številka|broj telefona|טלפון"
    "|טלפון נייד|נייד|מספר טלפון|هاتف|الجوال|رقم الجوال|رقم الهاتف المحمول|تلفن|شماره تماس"
    "|موبایل|số điện thoại|điện thoại|sđt|เบอร์โทร|เบอร์โทรศัพท์|โทรศัพท์|nomor telepon|no. hp"
    "|nomor hp|telepon|फ़ोन|मोबाइल|お電話番号|ご連絡先電話番号|連絡先電話番号|ご連絡先|手机号码"
    "|移动电话|联系方式|手機|手機號碼|聯絡電話|行動電話"
    "|전화|휴대전화|휴대폰 번호|핸드폰|telefonunuz|telefon no|gsm",
    "contact.company": "company|company name|organisation|organization|business|business name"
    "|firm|firma|firmenname|unternehmen|betrieb|société|entreprise|raison sociale|empresa|azienda"
    "|ragione sociale|bedrijf|bedrijfsnaam|nazwa firmy|företag|virksomhed|selskap|yritys"
    "|společnost|cég|cégnév|companie|şirket|компания|организация|会社名|公司|公司名称|회사"
    "|perusahaan|εταιρεία|εταιρία|компанія|организация|фирма|חברה|الشركة|công ty|御社名|貴社名"
    "|公司名稱"
    "|업체명|회사명",
    "contact.job_title": "job title|position|title|role|funktion|poste|fonction|cargo|puesto"
    "|stanowisko|functie|titel|должность|職種|职位",
    "contact.street": "address|street|street address|mailing address|home address|straße|strasse"
    "|straße und hausnummer|straße, nr.|adresse|anschrift|rue|dirección|indirizzo|endereço|ulica"
    "|adres|straat|adress|osoite|cím|adresă|адрес|住所|地址|주소",
    "contact.city": "city|town|city / town|ort|stadt|wohnort|ville|ciudad|localidad|città|comune"
    "|cidade|miasto|miejscowość|plaats|woonplaats|stad|ort/stad|by|kaupunki|město|város|oraș"
    "|şehir|город|市区町村|城市"
    "|πόλη|місто|град|עיר|المدينة|thành phố|도시",
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
    "|tuote|продукт|услуга|автомобиль|製品|产品"
    "|annuncio|riferimento annuncio|anúncio|anuncio|aviso|ogłoszenie|inserat|объявление"
    "|оголошення|товар|询价产品|产品名称|商品|ご希望の商品|제품|상품|sản phẩm|المنتج",
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
    "|ご質問|留言|讯息|消息|문의내용|메시지|الرسالة"
    "|testo del messaggio|testo|la tua richiesta|observações|observaciones|detalles|dettagli"
    "|text der anfrage|frage|ihre frage|wunsch|poptávka|text poptávky|text zprávy|dotaz"
    "|vaše zpráva|kommentarer|beskjed|besked til os|kérdés|întrebare|повідомлення|коментар"
    "|вопрос|текст сообщения|съобщение|poruka|sporočilo|μήνυμα|σχόλια|žinutė|ziņa|sõnum|הודעה"
    "|תוכן ההודעה|הערות|نص الرسالة|ملاحظات|پیام|nội dung|lời nhắn|tin nhắn|ข้อความ|pesan|संदेश"
    "|お問合せ内容|お問い合わせ|ご要望|備考|留言内容|留言內容|询价内容|需求|备注|備註|詢問內容"
    "|訊息|문의 내용|문의사항|문의 사항|요청사항|mesaj|açıklama",
    "interest.budget": "budget|price range|max budget|budżet|presupuesto|orçamento|бюджет|予算",
    "interest.timeframe": "timeframe|timeline|time frame|when|move-in date|desired move in"
    "|preferred date|zeitraum|zeitrahmen|wunschtermin|délai|plazo|termin|tempistica",
    "interest.employees": "employees|number of employees|company size|team size|mitarbeiter"
    "|mitarbeiterzahl|employés|effectif|empleados|dipendenti",
    "fields.vendor_lead_id": "lead id|lead number|lead no|lead no.|lead ref|reference|ref|ref #"
    "|ref.|reference number|request id|inquiry id|enquiry id|anfrage-nr.|anfragenummer",
    "fields.accepts_marketing": "accepts marketing",
}
FIELD_BY_LABEL = {
    label.casefold(): name
    for name, labels in LABELS_BY_FIELD.items()
    for label in labels.split("|")
}
LABEL_JOINTS = re.compile(
    r"[\s._-]+"
)  # "E-Mail Adresse", "e-mail-adresse" and "email_adresse" are one
FIELD_BY_JOINED_LABEL = {
    LABEL_JOINTS.sub("", label): name for label, name in FIELD_BY_LABEL.items()
}
ALTERNATIVES = re.compile(r"\s?[/|]\s?|\s(?:or|oder|ou|and|und|et|y)\s")
# They name the person with a name behind them, and alone they are the heading of their part.
PERSON_LABELS = frozenset(
    "customer client buyer renter tenant applicant participant attendee purchaser kunde "
    "interessent interessentin käufer mieter acheteur demandeur locataire cliente comprador "
    "interesado acquirente richiedente klient kupujący klant kund köpare køber zákazník "
    "клиент покупатель заказчик покупець замовник müşteri العميل".casefold().split()
)
PERSON_PREFIX = re.compile(
    r"^(?:(?:and )?(?:what is|what's|please enter|enter|provide|please provide|quel(?:le)? est"
    r"|cuál es|qual [èé]|wie (?:ist|lautet)|wat is)\s+)?"
    r"(?:(?:the|your|my|ihr|ihre|deine|dein|votre|vos|tu|su|il tuo|la tua|seu|sua|twój|twoje|twoja"
    r"|uw|je|din|dit|ditt|váš|vaše|ваш[аеі]?|вашi|teie)[\s_-]+)?"
    r"(?:(?:renter|customer|buyer|client|contact|lead|visitor|tenant|consumer|prospect|guest"
    r"|homeowner|shopper|applicant|inquirer|enquirer|requester|sender|submitter|patient"
    r"|student|member|subscriber|participant|attendee|purchaser|person|invitee|registrant|respondent|kunde|kunden|interessent"
    r"|interessenten|klient|cliente|client)(?:'s|s')?[\s_-]+)?"
)
PERSON_SUFFIX = re.compile(
    r"(?:\s(?:of|des|der|du|de la|del|della|dello|do|da)\s(?:the )?(?:customer|client|buyer|lead"
    r"|kunden|interessenten|absenders|anfragenden|client|cliente))$"
    r"|\s(?:клиента|покупателя|заказчика|пользователя|клієнта|покупця|замовника|klienta|zákazníka)$"
)
LABEL_ASIDE = re.compile(r"\s?[(\[][^()\[\]]{0,40}+[)\]]?\s?\*?$|^(?:\d{1,2}|q\d{1,2})\s?[.):]\s?")
_OTHER_PARTY = (
    "agent|listing agent|buyer'?s agent|sales agent|agency|dealer|dealership|dealer name|seller"
    "|salesperson|sales ?person|sales rep|sales consultant|rep|representative|account manager"
    "|manager|property manager|leasing (?:agent|office)|landlord|owner|listing (?:broker|office)"
    "|broker|realtor|advertiser|vendor|provider|lead provider|store|branch|location manager|host"
    "|organi[sz]er|organisator|organisateur|organizador|organizzatore|event host|emergency contact"
    "|spouse|husband|wife|partner|co-?(?:applicant|buyer|borrower|owner)|(?:previous|former"
    "|trade-in)"
    " owner|friend|referee|vorbesitzer|ehepartner|notfallkontakt|conjoint|ancien propriétaire"
    "|berater(?:in)?|kundenberater(?:in)?|disponent(?:in)?|vertrieb|innendienst|außendienst"
    "|customer (?:service|support|care)|(?:sales|support|service) team|hotline|head ?office"
    "|kunden(?:service|dienst)|service clients?|servizio clienti|atención al cliente"
    "|klantenservice|biuro obsługi klienta|kundtjänst|kundeservice|asiakaspalvelu"
    "|press(?:e|e-)?[ -]?(?:contact|kontakt|office|stelle)|contact presse|ufficio stampa"
    "|(?:listing|listed|sold|offered|presented|represented) by|called|callee|tracking number"
    "|(?:lead|inquiry|enquiry|message|request) for|lead from"
    "|(?:contact(?: person)?|person) at (?:the )?dealer"
    "|rückfragen(?: an)?|bei (?:rück)?fragen|questions to|for questions|sales contact|help desk"
    "|assigned(?: to| agent| rep)?|assigned by|routed to|recipient|sent to|referred by|referrer"
    "|(?:ihre? |dein )(?:persönlicher? )?ansprechpartner(?:in)?|ihr kontakt|interlocuteur"
    "|contactpersoon bij ons|referente|employee|support|webmaster|administrator|makler"
    "|ansprechpartner im haus|händler|autohaus"
    "|verkäufer|anbieter|vermieter|betreuer|zuständig|bearbeiter|filiale|vendeur|concessionnaire"
    "|concession|agence|conseiller|annonceur|vendedor|concesionario|agencia|inmobiliaria|asesor"
    "|venditore|concessionaria|agenzia|consulente|inserzionista|anunciante|imobiliária"
    "|sprzedawca|opiekun|doradca|ogłoszeniodawca|verkoper|makelaar|aanbieder|säljare|mäklare"
    "|sælger|selger|megler|prodejce|makléř|satıcı|danışman|продавец|агент|менеджер|дилер"
    "|guarantor|employer|reference|guardian|doctor|physician|attorney|lender|loan officer"
    "|technician|installer|contractor|supervisor|coordinator|operator"
    "|(?:current|previous) landlord|commercial|négociateur(?: immobilier)?|responsable"
    "|agent immobilier|comercial|corredor|gestor|corretora?|consultora?|atendente|responsável"
    "|gerente|agente|responsabile|commerciale|adviseur|vestiging|konsultant|pośrednik"
    "|przedstawiciel|(?:ansvarig )?(?:mäklare|säljare|handläggare)|(?:ejendoms)?mægler|rådgiver"
    "|forhandler|eiendomsmegler|(?:kiinteistön)?välittäjä|myyjä|myyntineuvottelija|makléřka"
    "|poradce|obchodník|maklér|predajca|poradca|pobočka|értékesítő|ügynök|közvetítő|tanácsadó"
    "|agent imobiliar|consilier|vânzător|agenție|prodavač|prodavac|savjetnik|риелтор|риэлтор"
    "|консультант|специалист|салон|оператор|ответственный|продавець|рієлтор|ріелтор"
    "|відповідальний|брокер|консултант|μεσίτησ|σύμβουλοσ|πωλητήσ|υπεύθυνοσ|κατάστημα"
    "|danışmanınız|temsilci(?:niz)?|emlakçı|yetkili|bayi|mağaza|الوكيل|المستشار|البائع|المندوب"
    "|المعرض|الوسيط|مشاور|فروشنده|نماینده|סוכן|סוכנת|מתווך|מתווכת|יועץ|יועצת|נציג|מוכר"
    "|弊社担当者?|当社担当者?|担当営業|営業担当|販売店|店舗|不動産会社|売主|经纪人|客服|销售"
    "|销售顾问|业务员|客户经理|卖家|商家|店铺|门店|經紀人|業務員|客服人員|賣家|置业顾问|상담원"
    "|영업사원|판매자|중개사|중개인|매니저|지점|môi giới|nhân viên|tư vấn viên|người bán|đại lý"
    "|ตัวแทน|พนักงานขาย|ผู้ขาย|นายหน้า|agen|penjual"
)
_HEADING_SUFFIX = (
    r"(?: (?:info|information|informationen|details|contact|contact info|contact information"
    r"|contact details|data|name|profile|kontakt|kontaktdaten|daten|coordonnées|datos|dati))?"
)
# Who is named in lead mails besides the person: a label, or the heading of a part of the mail.
_ARTICLE = (
    r"(?:(?:your|the|ihre?|votre|su|tu|il tuo|la tua|seu|sua|uw|je|din|twój|váš|vaše|ваш|teie)\s)?"
)
OTHER_PARTY_LABEL = re.compile(rf"{_ARTICLE}(?:{_OTHER_PARTY}){_HEADING_SUFFIX}")
OTHER_PARTY_HEADING = re.compile(
    rf"{_ARTICLE}(?:{_OTHER_PARTY}){_HEADING_SUFFIX}"
    rf"|(?:about|contact) (?:your |the )?(?:{_OTHER_PARTY})"
)
PERSON_HEADING = re.compile(
    r"(?:your |the |new |neue[rs]? |nouvelle |nouveau |nuev[oa] |nuov[oa] |nov[oa] |nowe |nieuwe "
    r"|ny )?(?:customer|client|buyer|contact|lead|prospect|consumer|renter|tenant"
    r"|applicant|shopper|visitor|guest|homeowner|user|sender|inquirer|submission|form|inquiry"
    r"|enquiry|request|personal|kunden?|kunde|interessent|interessenten|kontakt|absender|anfrage"
    r"|client|contact|coordonnées|demandeur|acheteur|cliente|comprador|interesado|acquirente"
    r"|richiedente|klient|kupujący|klant|kund)"
    r"(?:'s)?(?:[ -]?(?:info|information|informationen|informations|details|contact|contact info"
    r"|contact information|contact details|data|daten|angaben|kontaktdaten|kontakt|coordonnées"
    r"|datos|dati|dane|gegevens|uppgifter|fields|responses|answers|summary))?"
)
# The end from the first of its signs only: a long run inside a line is looked at once.
LABEL_EDGES = re.compile(r"^[^\w]+|(?<![^\w.#])[^\w.#]+$")
# What vendors print below the fields; it belongs to no field.
FOOTER = re.compile(
    r"^\W{0,4}(?:manage submissions|does this submission look like spam|reply directly|reply on "
    r"|this e-?mail was sent|this message was sent|sent via |sent from |unsubscribe|view full "
    r"|view details|you can (?:reply|respond)|to reply, |log ?in to |click here|powered by "
    r"|diese e-?mail wurde|copyright|©|if you (?:no longer|do not) wish)",
    re.IGNORECASE,
)
# Where an older mail begins that is only quoted.
QUOTED_MAIL_START = re.compile(
    r"^(?:-{2,}\s*(?:original message|ursprüngliche nachricht|message d'origine|forwarded message)"
    r"|on .{5,120} wrote:\s*$|am .{5,120} schrieb .{1,120}:\s*$|le .{5,120} a écrit\s?:\s*$"
    r"|el .{5,120} escribió:\s*$|il .{5,120} ha scritto:\s*$|op .{5,120} schreef .{1,120}:\s*$"
    r"|_{20,}\s*$|\s{0,40}(?:received: (?:from|by)\b|return-path:|mime-version: 1"
    r"|message-id: {0,4}<))",
    re.IGNORECASE,
)


def plain_label(label: str) -> str:
    """A label without its decoration: "📌 *Phone Number*" and "phone  number" are one."""
    if not label.isascii():
        label = unicodedata.normalize("NFKC", label.replace("’", "'"))  # "ＴＥＬ" too
    return LABEL_EDGES.sub("", " ".join(label.replace("*", "").casefold().split()))


@lru_cache(maxsize=1_024)
def is_other_party(label: str) -> bool:
    """Whether it speaks of somebody else than the person."""
    return OTHER_PARTY_LABEL.fullmatch(plain_label(label)) is not None


@lru_cache(maxsize=4_096)
def match_common_label(plain: str) -> str | None:
    """Our name for a label in plain form, whoever's of the vendor's customers it is said to be."""
    bare = plain_label(LABEL_ASIDE.sub("", plain))
    for label in (plain, bare):
        for way in (label, PERSON_PREFIX.sub("", label, count=1), PERSON_SUFFIX.sub("", label)):
            if name := FIELD_BY_LABEL.get(way) or FIELD_BY_JOINED_LABEL.get(
                LABEL_JOINTS.sub("", way)
            ):
                return None if OTHER_PARTY_LABEL.fullmatch(label) else name
    return _match_alternatives(bare)


def _match_alternatives(label: str) -> str | None:
    """Of “Phone / Mobile”, or “Name / Vorname”: what each of them says."""
    parts = ALTERNATIVES.split(label)
    names = {FIELD_BY_LABEL.get(part) for part in parts}
    if len(parts) > MOST_ALTERNATIVES or len(parts) == 1 or None in names:
        return None
    if names <= {"contact.name", "contact.first_name", "contact.last_name"}:
        return "contact.name"
    return names.pop() if len(names) == 1 else None


def field_for_label(label: str, own: Mapping[str, str]) -> str | None:
    """Our name for a vendor's label; its own playbook is asked first."""
    if len(label) > LONGEST_LABEL:
        return None
    plain = plain_label(label)
    return own[plain] if plain in own else match_common_label(plain)
