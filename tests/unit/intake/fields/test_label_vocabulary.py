import subprocess
import sys

import pytest

from leadloop.intake.fields.label_vocabulary import field_by_label, field_for_label
from leadloop.intake.fields.mapping import qualified_name
from leadloop.intake.text.phrase_files import load_phrases

LABELS, PARTIES = (load_phrases("leadloop.intake.fields", name) for name in ("labels", "parties"))


def test_each_group_of_labels_is_a_field_of_ours_by_its_full_name() -> None:
    assert [name for name in LABELS if qualified_name(name) != name] == []
    assert set(field_by_label().values()) == set(LABELS)


@pytest.mark.parametrize("label", PARTIES["person"])
def test_a_label_for_the_person_names_them(label: str) -> None:
    assert field_for_label(label, {}) == "contact.name"


@pytest.mark.parametrize(
    "label",
    ["What is your phone number?", "Customer's phone", "Phone of the customer", "Phone / Mobile"],
)
def test_words_around_a_label_do_not_change_its_field(label: str) -> None:
    assert field_for_label(label, {}) == "contact.phone"


def test_the_words_are_loaded_only_when_a_reader_asks_for_them() -> None:
    code = (
        "import leadloop.intake.formats.labelled_text, leadloop.intake.formats.json_leads\n"
        "import leadloop.intake.formats.grids, leadloop.intake.fields.flat_document\n"
        "from leadloop.intake.text.phrase_files import load_phrases\n"
        "print(load_phrases.cache_info().currsize)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert answer.stdout.strip() == b"0"


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("What the customer said", "interest.message"),
        ("Nachrichtentext", "interest.message"),
        ("询盘内容", "interest.message"),
        ("Uw vraag", "interest.message"),
        ("咨询产品", "interest.product"),
        ("İlan", "interest.product"),
        ("Gönderen", "contact.name"),
        ("Contactpersoon", "contact.name"),
        ("Ulice", "contact.street"),
        ("Straat + huisnr.", "contact.street"),
        ("ご住所", "contact.street"),
        ("Település", "contact.city"),
        ("Postal / Zip Code", "contact.postcode"),
        ("Country/Region", "contact.country"),
    ],
)
def test_a_label_of_a_form_in_another_language_is_its_field(label: str, field: str) -> None:
    assert field_for_label(label, {}) == field
