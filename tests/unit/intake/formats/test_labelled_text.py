import time

import pytest

from leadloop.intake.formats.labelled_text import read_labels


def read(text: str, **own: str) -> dict[str, str]:
    return dict(read_labels(text, own).values)


def test_labels_name_the_person() -> None:
    assert read(
        "New request\n\nName: Ada Byron\nE-Mail: ada@acme.example\nPhone: (202) 555-0146\n"
        "Company: Acme\nMessage: Please call.\n"
    ) == {
        "contact.name": "Ada Byron",
        "contact.email": "ada@acme.example",
        "contact.phone": "(202) 555-0146",
        "contact.company": "Acme",
        "interest.message": "Please call.",
    }


def test_name_is_not_found_inside_first_name() -> None:
    assert read("First Name: Ada\nLast Name: Byron\nUser name: x1\nFile name: y") == {
        "contact.first_name": "Ada",
        "contact.last_name": "Byron",
    }


@pytest.mark.parametrize(
    "line",
    [
        "- Name: Ada",
        "📌 Name: Ada",
        "* NAME : Ada",
        "Your Name: Ada",
        "Customer’s name: Ada",
        "\tname:\tAda",
        "• Customer Name: Ada",
    ],
)
def test_decoration_of_labels_does_not_matter(line: str) -> None:
    assert read(line) == {"contact.name": "Ada"}


@pytest.mark.parametrize(
    "line",
    [
        "Name ............ Ada Byron",
        "Name.....: Ada Byron",
        "Name; Ada Byron",
        "Name – Ada Byron",
        "Name        Ada Byron",
        "[Name] Ada Byron",
        "【Name】Ada Byron",
        "<Name> Ada Byron",
        "| Name | Ada Byron |",
        "*Name:* Ada Byron",
        "Name => Ada Byron",
    ],
)
def test_behind_a_label_that_we_know_other_signs_do_for_a_colon(line: str) -> None:
    assert read(line) == {"contact.name": "Ada Byron"}


@pytest.mark.parametrize("line", ["Name | Email | Phone", "Name;E-Mail;Telefon", "Details - call"])
def test_a_head_of_a_table_names_nobody(line: str) -> None:
    assert "contact.name" not in read(line)


def test_several_labels_share_a_line_in_any_language() -> None:
    assert read("Name: Max Muster Telefon: 030 5550123 | E-Mail: max@muster.example") == {
        "contact.name": "Max Muster",
        "contact.phone": "030 5550123",
        "contact.email": "max@muster.example",
    }


@pytest.mark.parametrize(
    "below",
    [
        "Best,\nRob Agent\nMobile: 202-555-0900",
        "MfG\nRobert Vertrieb\nTel: 202-555-0900",
        "--\nRob Agent\nPhone: 202-555-0900",
        "Rob Agent\nPhone: 202-555-0900",
        "Portal GmbH\nTelefon: 202-555-0900",
        "Rückfragen an: Robert\nTelefon: 202-555-0900",
        "We are here to help.\nPhone: 202-555-0900",
        "Pour toute question :\nTéléphone : 202-555-0900",
        "Sold by\nRob\nPhone\n202-555-0900",
        "Listing by\tRob Agent\nPhone: 202-555-0900",
    ],
)
def test_the_number_below_a_signature_or_an_address_is_not_the_persons(below: str) -> None:
    text = f"Name: Ada Byron\nEmail: ada@byron.example\n\n{below}\n"
    assert read(text) == {"contact.name": "Ada Byron", "contact.email": "ada@byron.example"}


@pytest.mark.parametrize(
    "below",
    [
        "Votre conseiller : Luc\nTéléphone : 202-555-0900",
        "Uw makelaar: Piet\nTelefoon: 202-555-0900",
        "Váš makléř: Petr\nTelefon: 202-555-0900",
        "Ваш менеджер: Пётр\nТелефон: 202-555-0900",
        "弊社担当：鈴木\n電話番号：202-555-0900",
        "Unser Mann vor Ort: Bob\nTelefon: 202-555-0900",  # whatever we call him
    ],
)
def test_the_number_of_whoever_serves_the_person_is_not_the_persons(below: str) -> None:
    found = read_labels(f"Name: Ada Byron\nEmail: ada@byron.example\n\n{below}\n", {})
    assert "contact.phone" not in found.values
    assert found.others == {"contact.phone"}


def test_what_stands_beside_the_persons_own_labels_takes_nothing_from_them() -> None:
    text = (
        "Name: Ada Byron\nMarke: Audi\nTelefon: 202-555-0146\n\nOrt: Ulm\n\nE-Mail: ada@b.example"
    )
    assert {"contact.phone", "contact.email"} <= read(text).keys()


def test_of_two_columns_of_a_table_one_may_be_somebody_elses() -> None:
    rows = "Agent:\x1fRob\nName:\x1fAda Byron\nPhone:\x1f202-555-0900\nPhone:\x1f202-555-0146"
    found = read_labels(rows, {})
    assert found.values == {"contact.name": "Ada Byron"}
    assert found.others == {"contact.phone"}


def test_a_question_about_the_person_names_nobody_else() -> None:
    assert read("Name: Ada Byron\nOwner: yes\nPhone: 202-555-0146") == {
        "contact.name": "Ada Byron",
        "contact.phone": "202-555-0146",
    }


def test_a_house_that_stands_above_the_person_is_not_the_person() -> None:
    house = "Portal GmbH\nTelefon: 030 999 000\nE-Mail: info@portal.example\n\n"
    assert read(f"{house}Neue Anfrage\nName: Ada Byron\nE-Mail: ada@byron.example\n") == {
        "contact.name": "Ada Byron",
        "contact.email": "ada@byron.example",
    }


@pytest.mark.parametrize("between", ["", "Message: hello\n"])
def test_several_leads_in_one_mail_are_told_to_be_several(between: str) -> None:
    text = "Name: {0} Poe\nEmail: {0}@poe.example\n{1}\n"
    both = read_labels(text.format("Ann", between) + text.format("Ben", between), {})
    assert both.has_several_persons
    assert not read_labels(text.format("Ann", between) * 2, {}).has_several_persons
    assert not read_labels(
        text.format("Ann", "") + "Your agent\nName: Bob\nEmail: b@x.example", {}
    ).has_several_persons


def test_a_second_column_is_not_the_first() -> None:
    assert read(
        "Name:   Ada Byron            Dealer:  Hill Ford\n"
        "Phone:  202-555-0146         Phone:   800-555-0100\n"
    ) == {"contact.name": "Ada Byron", "contact.phone": "202-555-0146"}


def test_whoever_is_there_for_us_is_not_the_person() -> None:
    found = read_labels("Ihr Ansprechpartner: Petra Rat\nTelefon: 0800 5550100\n", {})
    assert found.values == {}
    assert found.others == {"contact.phone"}


def test_the_word_for_the_person_is_a_label_or_the_heading_of_their_part() -> None:
    assert read("Buyer: Ada Byron\nPhone: 202-555-0146") == {
        "contact.name": "Ada Byron",
        "contact.phone": "202-555-0146",
    }
    assert read("Dealer details\nName: Bob\n\nBuyer\nName: Ada Byron") == {
        "contact.name": "Ada Byron"
    }


def test_the_value_may_stand_on_the_next_line() -> None:
    assert read("RENTER'S NAME\nAda Byron\n\nRENTER'S MESSAGE\nIs it free?\nAt 1:20pm?") == {
        "contact.name": "Ada Byron",
        "interest.message": "Is it free?\nAt 1:20pm?",
    }


def test_an_empty_label_does_not_reach_over_a_blank_line() -> None:
    assert read("Name:\n\nNew request\nEmail: ada@acme.example") == {
        "contact.email": "ada@acme.example"
    }


def test_a_message_of_many_lines_ends_before_the_next_labels_and_the_footer() -> None:
    text = (
        "Message: Hi Joe,\nI hope: you are well.\n\nThanks\n\nFile Upload: x.jpg\n\n"
        "How did you hear about us?: Search\n\nManage Submissions\n"
    )
    assert read(text)["interest.message"] == "Hi Joe,\nI hope: you are well.\n\nThanks"


def test_the_writers_own_signature_is_not_the_footer() -> None:
    text = "Message Body:\nHello\n--\nAda\n\n-- \nThis e-mail was sent from a form on x.example"
    assert read(text)["interest.message"] == "Hello\n--\nAda"


@pytest.mark.parametrize(
    "planted",
    [
        "please text my boss at 202-555-0199",
        "Phone: 202-555-0199",
        "\nPhone: 202-555-0199",
        "\nRegards: x\n\nPhone number: 202-555-0199\nEmail: boss@other.example",
        "Phone\n202-555-0199",
        "> Phone: 202-555-0199",
    ],
)
def test_a_phone_planted_in_the_message_is_no_phone(planted: str) -> None:
    found = read_labels(f"Name: Ada\nMessage: hi\n{planted}\n", {})
    assert "contact.phone" not in found.values
    assert "contact.email" not in found.values


def test_what_was_planted_is_told() -> None:
    found = read_labels("Message: hi\nPhone: 202-555-0199", {})
    assert found.planted == {"contact.phone"}


def test_a_table_cell_after_the_message_is_the_vendors_own() -> None:
    assert read("Message\x1fhi\nPhone\x1f202-555-0146")["contact.phone"] == "202-555-0146"


def test_an_address_line_names_person_and_address() -> None:
    assert read("From: Ada Byron <ada@acme.example>\nSubject: Prices\n") == {
        "contact.name": "Ada Byron",
        "contact.email": "ada@acme.example",
    }


def test_the_head_of_a_forwarded_mail_names_nobody() -> None:
    text = "From: Bob <bob@vendor.example>\nTo: sales@acme.example\nSent: today\n\nhello"
    assert "contact.email" not in read(text)


def test_a_quoted_older_form_is_not_read() -> None:
    text = "Name: Ada\nOn Mon, 2 Mar 2026 at 10:00, Web <w@x.example> wrote:\nEmail: old@x.example"
    assert read(text) == {"contact.name": "Ada"}


def test_a_flag_glued_to_the_address_is_not_part_of_it() -> None:
    assert read("Email: ada@acme.example, accepts marketing: true") == {
        "contact.email": "ada@acme.example",
        "fields.accepts_marketing": "true",
    }


def test_two_addresses_in_one_value_are_a_doubt_not_a_choice() -> None:
    assert "contact.email" not in read("Email: a@x.example, b@y.example")


@pytest.mark.parametrize(
    "nothing", ["N/A", "[First Last]", "-", "Unknown", "Anonymous", "{{name}}"]
)
def test_nothing_said_is_nothing_known(nothing: str) -> None:
    assert read(f"Name: {nothing}\nMessage: {nothing}\n") == {}


def test_the_first_value_counts() -> None:
    assert read("Email: a@x.example\nEmail: b@y.example")["contact.email"] == "a@x.example"


def test_a_vendors_own_labels_come_first() -> None:
    assert read("Kfz: Golf\nTitle: Dr", kfz="interest.product", title="fields.title") == {
        "interest.product": "Golf",
        "fields.title": "Dr",
    }


def test_a_budget_in_words_is_kept_as_an_own_field() -> None:
    assert read("Budget: around 200 a month") == {"fields.budget": "around 200 a month"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Nachname: Müller", "Müller"),
        ("Nazwisko: Żółć", "Żółć"),
        ("Nom de famille : Çelik", "Çelik"),
        ("Прізвище: Ткаченко", "Ткаченко"),
        ("Επώνυμο: Παππά", "Παππά"),
        ("שם משפחה: לוי", "לוי"),
    ],
)
def test_labels_of_other_languages_are_known(text: str, name: str) -> None:
    assert read(text) == {"contact.last_name": name}


@pytest.mark.parametrize(
    ("said", "phone"),
    [
        ("(704) 555\u20110166", "(704) 555-0166"),  # a hyphen that breaks no line
        ("０３－５５５０－０１２２", "03-5550-0122"),
        ("\u202a+972 54 555 0122\u202c", "+972 54 555 0122"),
        ("030 / 5550 123", "030 / 5550 123"),
        ("515-555-0196 / 515-555-0197", "515-555-0196"),
        ("515-555-0198 ext. 12", "515-555-0198 ext. 12"),
        ("+1 202-555-****", None),
        ("(704) 555~0166", None),
    ],
)
def test_a_number_is_whole_or_none(said: str, phone: str | None) -> None:
    assert read(f"Phone: {said}").get("contact.phone") == phone


@pytest.mark.parametrize("said", ["user1985", "a=b&c=d", "C-1001"])
def test_what_no_person_is_called_is_no_name(said: str) -> None:
    assert read(f"Name: {said}") == {}


def test_the_last_sentence_above_a_part_tells_whose_it_is() -> None:
    text = "Your quota is reached. Contact your account manager:\nName: Amy\nPhone: 800-555-0177"
    assert read(text) == {}


@pytest.mark.parametrize(
    "label",
    [
        "ＴＥＬ",
        "Telefone/WhatsApp",
        "Phone or mobile",
        "Tel_No",
        "Tlf.",
        "your-phone",
        "Mobile No.",
        "Телефон покупателя",
        "Quel est votre téléphone ?",
        "Số điện thoại",
        "טלפון",
    ],
)
def test_a_label_is_known_however_it_is_spelt(label: str) -> None:
    assert read(f"{label}: 202-555-0146") == {"contact.phone": "202-555-0146"}


@pytest.mark.parametrize(
    "costly",
    [
        "a " * 500000 + ":",
        ":" * 500000,
        "Phone: " + "1 " * 300000,
        "\n" * 500000,
        "Email: " + "a@" * 300000,
        "Name: " + " " * 500000 + "x",
        "on " * 200000 + "wrote:",
        "Name: " + ", phone " * 60000,
        "Email: " + "a." * 300000,
        "Name: x" + " " * 900000 + "x",
        "Name: x" + ",;" * 400000 + "x",
        "a" + "!" * 900000 + "a",
        ("a" + "!" * 9000 + "a\x1fvalue\n") * 90,
        "Name: a" + ", Phone: b" * 90000,
    ],
)
def test_hostile_text_costs_little(costly: str) -> None:
    before = time.process_time()
    read_labels(costly, {})
    assert time.process_time() - before < 5


def test_an_address_goes_on_with_its_town() -> None:
    text = "Property Address:\n15 Example Dr\nGrass Lake, MI 49240\nMLSID # 26003866\n"
    assert read(text) == {"interest.product": "15 Example Dr, Grass Lake, MI 49240"}
