"""Each mistake is told where it was made; all of them at once."""

from pathlib import Path

import pytest

from tests.unit.playbook.broken import load_faults, replace_text


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (
            "company.yaml",
            "currency: EUR",
            "currency: EUR\n    curency: EUR",
            "company.yaml:11: product_lines[0].curency: is no field here",
        ),
        (
            "scores/machines.yaml",
            "points: 20",
            "points: many",
            "scores/machines.yaml:6: fit[0].points: input should be a valid integer",
        ),
        (
            "scores/machines.yaml",
            "{field: interest.employees, at_least: 250}",
            "{field: interest.employees, is_about: 250}",
            "scores/machines.yaml:5: fit[0].when: a condition has exactly one of",
        ),
        (
            "scores/machines.yaml",
            "{field: interest.employees, at_least: 50}",
            "{at_least: 50}",
            "scores/machines.yaml:11: fit[1].when.all[0].field: is missing",
        ),
        (
            "scores/machines.yaml",
            "field: interest.employees, at_least: 250",
            "field: interest.employes, at_least: 250",
            "scores/machines.yaml:5: fit[0].when.field: no lead has interest.employes",
        ),
        (
            "scores/machines.yaml",
            "at_least: 250",
            'is: "250"',
            "scores/machines.yaml:5: fit[0].when.is: 250 is a text, but interest.employees is",
        ),
        (
            "sources/old-crm.yaml",
            "KW: katarzyna",
            "KW: nobody",
            "sources/old-crm.yaml:29: owners.KW: nobody is in no pool",
        ),
        (
            "sources/old-crm.yaml",
            "quiet: true",
            "quiet: false",
            "sources/old-crm.yaml:3: quiet: stages, owners and dates are read of lists that",
        ),
        (
            "sources/pumpenboerse.yaml",
            "https://www.pumpenboerse.example",
            "http://user@www.pumpenboerse.example",
            "sources/pumpenboerse.yaml:7: address: begins with one of https, sftp, ftps, ftp",
        ),
        (
            "sources/pumpenboerse.yaml",
            "https://www.pumpenboerse.example",
            "sftp://www.pumpenboerse.example",
            "sources/pumpenboerse.yaml:1: host_key: is the server's public key",
        ),
        (
            "sources/pumpenboerse.yaml",
            "categories[0]: ",
            "categories[0: ",
            "sources/pumpenboerse.yaml:17: fields.categories[0: is neither a name nor",
        ),
        (
            "sources/leadhaus.yaml",
            "kunde.vorname: contact.first_name",
            "kunde.e-mail: contact.first_name",
            "sources/leadhaus.yaml:9: fields.kunde.e-mail: is neither a name nor a JMESPath",
        ),
        (
            "sources/leadhaus.yaml",
            "key_field: vorgang",
            "key_field: nosuch(vorgang)",
            "sources/leadhaus.yaml:19: key_field: there is no function nosuch",
        ),
        (
            "sources/leadhaus.yaml",
            "/anfrage/kunde/vorname: contact.first_name",
            "/anfrage/kunde[vorname: contact.first_name",
            "sources/leadhaus.yaml:22: xml.fields./anfrage/kunde[vorname: is no XPath",
        ),
        (
            "sources/leadhaus.yaml",
            'or not(@art)]": contact.phone',
            'or not(@art)]": fields.rang',
            "sources/leadhaus.yaml:21: xml.fields: nothing brings contact.phone",
        ),
        (
            "routes.yaml",
            "{field: rating, is: hot}",
            "{field: rating, is: Hot}",
            "routes.yaml:22: routes[1].when.all[1].any[0].is: rating is one of cold, warm, hot",
        ),
        (
            "routes.yaml",
            "pools: [senior, field, overflow]",
            "pools: [senior, fields, overflow]",
            "routes.yaml:25: routes[1].pools[1]: there is no pool fields",
        ),
        (
            "routes.yaml",
            "  - id: everybody_else\n",
            "  - id: everybody_else\n    when: {field: cycle, is: 1}\n",
            "routes.yaml:12: routes: the last route is to take all",
        ),
        (
            "routes.yaml",
            "    when: {field: customer, is: true}\n",
            "",
            "routes.yaml:13: routes[0]: takes all, so no route after it is reached",
        ),
        (
            "routes.yaml",
            "id: islands",
            "id: customers",
            "routes.yaml:27: routes[2].id: customers stands here 2 times",
        ),
        (
            "routes.yaml",
            '"08:30-17:00"',
            '"8:30-17:00"',
            "routes.yaml:7: weeks.office.mon[0]: string should match pattern",
        ),
        (
            "pools/field.yaml",
            "zone: Europe/Warsaw",
            "zone: Europe/Warschau",
            "pools/field.yaml:14: reps[1].zone: is no IANA time zone",
        ),
        (
            "pools/field.yaml",
            "hours: always",
            "hours: sometimes",
            "pools/field.yaml:8: reps[0].hours: there is no week sometimes",
        ),
        (
            "pools/field.yaml",
            "id: jonas",
            "id: greta",
            "pools/senior.yaml:3: reps[0].id: greta is in the pool field already",
        ),
        (
            "pools/field.yaml",
            "last: 2099-12-31",
            "last: 2019-12-31",
            "pools/field.yaml:24: reps[2].leave[0]: ends before it begins",
        ),
        (
            "sources/machines-quote.yaml",
            "kind: form\n",
            "",
            "sources/machines-quote.yaml:1: its kind (`kind` or `do`) is missing",
        ),
        (
            "sources/machines-quote.yaml",
            "product_line: machines",
            "product_line: machine",
            "sources/machines-quote.yaml:3: product_line: machine is no product line",
        ),
        (
            "sources/machines-quote.yaml",
            "email: contact.email",
            "email: contact.mail",
            "sources/machines-quote.yaml:8: fields.email: contact.mail is no field of ours",
        ),
        (
            "sources/machines-quote.yaml",
            "country: DE",
            "country: Germany",
            "sources/machines-quote.yaml:4: country: is a country's two letters",
        ),
        (
            "sources/machines-quote.yaml",
            "language: en",
            "language: en-GB",
            "sources/machines-quote.yaml:5: language: is a language's two or three letters",
        ),
        (
            "sources/machines-quote.yaml",
            "required: [email, company]",
            "required: [email, firm]",
            "sources/machines-quote.yaml:6: required[1]: nothing brings firm",
        ),
        (
            "sources/machines-quote.yaml",
            "honeypot: website_url",
            "honeypot: message",
            "sources/machines-quote.yaml:22: honeypot: message is a field that people fill in",
        ),
        (
            "sources/machines-quote.yaml",
            "https://www.acme-flow.example",
            "https://www.acme-flow.example/",
            "sources/machines-quote.yaml:21: allowed_origins[0]: is an origin",
        ),
        (
            "scores/machines.yaml",
            "hot: 70",
            "hot: 20",
            "scores/machines.yaml:2: thresholds: hot is not below warm",
        ),
        (
            "scores/machines.yaml",
            "id: middle",
            "id: large",
            "scores/machines.yaml:8: fit[1].id: large stands here 2 times",
        ),
        (
            "contact_windows.yaml",
            "[DE, AT, CH, PL]",
            "[DE, Austria, CH, PL]",
            "contact_windows.yaml:5: windows[0].countries[1]: is a country's two letters",
        ),
        (
            "sources/pumpfinder.yaml",
            "address: pumpfinder",
            "address: Branchenblick",
            "sources/pumpfinder.yaml:7: address: is the address of branchenblick already",
        ),
        (
            "sources/homecare-advice.yaml",
            "homecare_received, answers",
            "homecare_received, when: {field: contact.hoem, is: x}, answers",
            "sources/homecare-advice.yaml:35: auto_responses[1].when.field: no lead has contact.",
        ),
        (
            "sources/homecare-advice.yaml",
            "homecare_received, answers",
            "homecare_received, offer: no-such, answers",
            "sources/homecare-advice.yaml:35: auto_responses[1].offer: there is no offer no-such",
        ),
        (
            "sources/homecare-advice.yaml",
            "asks: {field: interest.message",
            "asks: {field: interest.mesage",
            "sources/homecare-advice.yaml:36: asks.field: no lead has interest.mesage",
        ),
        (
            "offers/filter-voucher.yaml",
            "none_left: offer_voucher_gone",
            "none_left: offer_vouchr_gone",
            "offers/filter-voucher.yaml:5: none_left: there is no template offer_vouchr_gone",
        ),
        (
            "sequences/machines.yaml",
            "template: machines_story",
            "template: machines_storm",
            "sequences/machines.yaml:12: steps[3].template: there is no template machines_storm",
        ),
        (
            "sequences/machines.yaml",
            "signals.click",
            "signal.click",
            "sequences/machines.yaml:8: steps[1].when.field: no lead has signal.click",
        ),
        (
            "sequences/machines.yaml",
            "otherwise: guide",
            "otherwise: welcome",
            "sequences/machines.yaml:1: curious: a branch goes to a later step or to end; welcome",
        ),
        (
            "templates/machines_guide.yaml",
            "{{ unsubscribe_url | link: 'Stop these mails' }}",
            "",
            "templates/machines_guide.yaml:4: texts.en.body: says nothing of unsubscribe_url",
        ),
        (
            "templates/rep_alert.yaml",
            "{{ rep.name }}",
            "{{ rep.nmae }}",
            "templates/rep_alert.yaml:4: texts.en.body: there is no word rep.nmae",
        ),
        (
            "templates/rep_alert.yaml",
            "{% endfor %}",
            "",
            "templates/rep_alert.yaml:4: texts.en.body: ",
        ),
        (
            "templates/rep_alert.yaml",
            "  en:",
            "  fr:",
            "templates/rep_alert.yaml:1: texts: has no text in en, the company's language",
        ),
        (
            "lifecycle.yaml",
            "escalate_to: overflow",
            "escalate_to: heaven",
            "lifecycle.yaml:4: service_level.escalate_to: there is no pool heaven",
        ),
        (
            "contact_windows.yaml",
            "  - zone: UTC",
            "  - zone: UTC\n    countries: [US]",
            "contact_windows.yaml:4: windows: the last window is for all others",
        ),
        (
            "company.yaml",
            "language: en",
            "language: en\nlanguage: de",
            "company.yaml:5: language: ",
        ),
        ("company.yaml", "name: Acme Flow", "name: [Acme", "company.yaml:2: "),
        ("company.yaml", "name: Acme Flow", "name: &a Acme\nx: *a", "company.yaml:2: *a: write it"),
        ("company.yaml", "name: Acme Flow", "name: !!python/name:os.system", "company.yaml:1: !"),
    ],
)
def test_a_fault_names_file_line_and_field(
    folder: Path, file: str, old: str, new: str, fault: str
) -> None:
    replace_text(folder / file, old, new)
    found = load_faults(folder)
    assert any(each.startswith(fault) for each in found), "\n".join(found)
    assert len(found) == 1, "one mistake, one fault"


def test_all_faults_are_told_at_once_in_order(folder: Path) -> None:
    replace_text(folder / "company.yaml", "drop_domain", "dropdomain")
    replace_text(folder / "scores/machines.yaml", "points: 20", "points: x")
    replace_text(folder / "scores/machines.yaml", "points: 15", "points: y")
    assert [each.split(": ")[0] for each in load_faults(folder)] == [
        "company.yaml:1",
        "company.yaml:3",
        "scores/machines.yaml:6",
        "scores/machines.yaml:20",
    ]


def test_a_file_that_is_missing_strange_or_misnamed_is_told(folder: Path) -> None:
    (folder / "lifecycle.yaml").unlink()
    (folder / "scroes").mkdir()
    (folder / "pools/note.txt").write_text("to do")
    (folder / "pools/empty.yaml").write_text("")
    (folder / "pools/latin.yaml").write_bytes("name: Börse\n".encode("latin-1"))
    (folder / "pools/deep.yaml").write_text("a: " + "[" * 5000)
    replace_text(folder / "sequences/machines.yaml", "product_line:", "id: pumps\nproduct_line:")
    assert load_faults(folder) == (
        "lifecycle.yaml:1: is missing",
        "pools/deep.yaml:1: is nested too deep",
        "pools/empty.yaml:1: has no fields: write `field: value` lines",
        "pools/latin.yaml:1: is not UTF-8",
        "pools/note.txt:1: is not a .yaml file",
        "scroes:1: nothing reads this; is its name right?",
        "sequences/machines.yaml:2: id: is to be the file's name, machines",
    )


def test_two_scores_for_one_product_line_are_one_too_many(folder: Path) -> None:
    replace_text(
        folder / "scores/machines.yaml", "product_line: machines", "product_line: homecare"
    )
    assert load_faults(folder) == (
        "scores/machines.yaml:1: product_line: scores/homecare.yaml is for homecare already",
    )


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert load_faults(tmp_path / "none") == (f"{tmp_path / 'none'}:1: there is no such folder",)
