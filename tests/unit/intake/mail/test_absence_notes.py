"""Absence notes that no header marks, and what only looks like one."""

import pytest

from leadloop.intake.mail.auto_replies import auto_reply_subject_pattern, says_absence
from leadloop.intake.mail.message import open_mail
from leadloop.intake.policy import MailSource
from tests.unit.intake.mail.prospects import mail_bytes, read_mail_text

STAND_IN = (
    "Back soon. Until then:\nName: Eva Roth\nEmail: eva.roth@mill.example\nPhone: 030 5550101\n"
)


@pytest.mark.parametrize(
    "subject",
    [
        # how Outlook and Gmail call it
        "Resposta automàtica: La nova oferta",
        "Sjálfvirkt svar: Fundur",
        "Balasan automatik: Sebut harga",
        "Automatisk svar: Tilbud",
        "Automatická odpoveď: Ponuka",
        "ავტომატური პასუხი: შეთავაზება",
        "自動回應：報價",
        "Outomatiese antwoord: Kwotasie",
        # holidays, perhaps with an end
        "Urlaub",
        "Ferien bis 4. April",
        "En congés jusqu'au lundi 6 avril",
        "Congés annuels du 3 au 12 avril",
        "De viaje hasta el martes",
        "In ferie dal 3 al 12 aprile",
        "De férias até 12/04",
        "Met verlof tot en met 3 april",
        "Na urlopie do 12 kwietnia",
        "Urlop",
        "Semester t.o.m. 12 april",
        "På ferie til 12. april",
        "Lomalla 12.4. asti",
        "Dovolená do 12. 4.",
        "Szabadságon vagyok",
        "Concediu până luni",
        "İzindeyim",
        "Σε άδεια έως 12/4",
        "В отпуске до 12 апреля",
        "У відпустці до 12 квітня",
        "Atostogos iki 12 d.",
        "Cuti sampai 12 April",
        "Nghỉ phép đến 12/4",
        "休暇中です",
        "出張中",
        "休假中",
        "휴가 중입니다",
        "On annual leave until Monday",
        "Travelling",
        "Vacation 12.4. - 20.4.",
        # a name first
        "AUTO: Otto Mill is out of the office (returning 04/12/2026)",
        "Otto Mill is on leave: Re: Our guide",
        "Otto Mill ist derzeit nicht im Büro",
        "Otto Mill ist bis 12.04. im Urlaub",
        "Odile Moulin est absente jusqu'au 12 avril",
        "Oriol Molina está de vacaciones",
        "Ottavia Molino è in ferie",
        "Otávio Moinho está de férias",
        "Otto Molen is momenteel afwezig",
        "Ola Młyn jest na urlopie",
        "Olle Kvarn är på semester",
        "Otto Mølle er ikke til stede",
        "Outi Mylly on lomalla",
        "Ольга Мельник в отпуске",
        "山田太郎は休暇中です",
        "张伟目前休假中",
        # a day and a month, or a name without a verb
        "Olen lomalla 15.3. asti",
        "休假中，3月15日返回",
        "Szabadságon március 15-ig",
        "İzindeyim 15 Mart",
        "Estoy de vacaciones",
        "Ausência até 15/03",
        "不在にしております",
        "夏季休業のお知らせ",
        "Otto Mill on vacation until March 15",
        "Otto Mill nicht im Büro",
        "Odile Moulin en congés",
    ],
)
def test_the_subject_alone_tells_that_nobody_has_read(drop: MailSource, subject: str) -> None:
    body = mail_bytes(STAND_IN, From="Otto Mill <otto.mill@mill.example>", Subject=subject)
    assert open_mail(body).nature == "auto_reply"


@pytest.mark.parametrize(
    "subject",
    [
        "Vacances au ski: demande de Odile",
        "Vacances à Nice",
        "Urlaub 2 Personen",
        "Ferie 10 giorni",
        "Heizung nicht im Büro",
        "Urlaub auf dem Hof: neue Anfrage",
        "Vacation 2026: inquiry from Ada Byron",
        "Holiday home inquiry from Ada Byron",
        "Ferie in Toscana, richiesta",
        "Vacaciones en familia",
        "Vakantie van de familie Molen",
        "A lead is not available",
        "The pump of our house is not available",
        "Semesterstuga i Åre",
        "Away day for 20 people",
        "Leave a message: Ada Byron",
        "Ausflug bis Montag",
        "Loma-asunto Levillä",
        "휴가용 주택 문의",
        "出張修理のお問い合わせ",
    ],
)
def test_a_holiday_that_somebody_wants_is_no_absence(subject: str) -> None:
    assert not says_absence(subject)
    assert not auto_reply_subject_pattern().match(subject)


@pytest.mark.parametrize("subject", ["Nisam tu do 12.", "Mam wolne", "Nepasiekiamas", "Hej"])
def test_a_stand_in_is_no_lead_in_any_language(drop: MailSource, subject: str) -> None:
    sender = "Otto Mill <otto.mill@mill.example>"
    prospect = read_mail_text(drop, STAND_IN, From=sender, Subject=subject)
    assert "colleague_of_sender" in [doubt.code for doubt in prospect.doubts]


@pytest.mark.parametrize(
    "sender", ["web@mill.example", "contact@mill.example", "eva.roth@mill.example"]
)
def test_a_house_whose_form_names_its_own_people_is_read(drop: MailSource, sender: str) -> None:
    text = f"{STAND_IN}\nMessage: Two pumps\n"
    assert read_mail_text(drop, text, From=sender, Subject="New lead").doubts == ()
