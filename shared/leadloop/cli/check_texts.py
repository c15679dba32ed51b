"""Checks the texts of a playbook: renders each one for the leads that its examples founded."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from leadloop.content.policy import Template
from leadloop.content.template_context import CompanyContext, build_template_context
from leadloop.content.templates import TemplateBroken, Tracking, render_template
from leadloop.model.contact import Contact
from leadloop.model.delivery import Delivery, Purpose
from leadloop.model.lead import Lead, Score
from leadloop.model.person import Person
from leadloop.model.submission import Channel
from leadloop.playbook.model import Playbook

SAMPLE_URL = "https://leads.example/x/sample"
SAMPLE_DATA = {
    "alert_count": "2",
    "offer_code": "SAMPLE-1",
    "route_reason": "a sample",
    "said": "A sample.",
}
NO_LEAD = "no example"

BARE_PERSON = Person(contact=Contact(email="sam@sample.example"))
Sample = tuple[Person, Lead]


def check_texts(playbook: Playbook, leads: Mapping[str, Sample]) -> Iterator[str]:
    """One line for each text that cannot be rendered, with the first example that shows it.

    Without any lead, a lead with an address and nothing else is the sample.
    """
    samples = leads or {NO_LEAD: (BARE_PERSON, _bare_lead(playbook))}
    for template in playbook.templates.values():
        for language in template.texts:
            fault = next(_template_faults(playbook, template, language, samples), None)
            if fault is not None:
                yield fault


def _template_faults(
    playbook: Playbook, template: Template, language: str, samples: Mapping[str, Sample]
) -> Iterator[str]:
    for case, sample in samples.items():
        context = _sample_context(playbook, template, language, sample)
        try:
            render_template(
                template,
                language,
                context,
                default=playbook.company.language,
                tracking=Tracking(click=lambda _: SAMPLE_URL, picture=SAMPLE_URL),
            )
        except TemplateBroken as broken:
            yield f"{broken} (rendered for {case})"


def _sample_context(
    playbook: Playbook, template: Template, language: str, sample: Sample
) -> dict[str, object]:
    (person, lead), company = sample, playbook.company
    delivery = Delivery(
        id="sample#0",
        version=1,
        lead_id="sample",
        purpose=Purpose.REP_ALERT,
        channel="email",
        template=template.id,
        language=language,
        created_at=lead.created_at,
        data=SAMPLE_DATA,
    )
    return build_template_context(
        person,
        lead,
        delivery,
        company=CompanyContext(name=company.name, postal_address=company.postal_address),
        rep="Sam Sample",
        accept_url=SAMPLE_URL,
        unsubscribe_url=SAMPLE_URL,
        offer_url=SAMPLE_URL,
        confirm_url=SAMPLE_URL,
    )


def _bare_lead(playbook: Playbook) -> Lead:
    product_line = playbook.company.product_lines[0].id
    return Lead(
        product_line=product_line,
        source="sample",
        channel=Channel.FORM,
        created_at=datetime(2026, 1, 14, 12, tzinfo=UTC),
        score=Score(model=product_line),
    )
