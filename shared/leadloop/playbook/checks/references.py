"""Faults between the sections of a playbook: names of nothing, and rows that never apply.

Each section has its own check. A fault is the path of a place in the playbook and a text.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator

from leadloop.content.policy import CodeOffer, DownloadOffer, Offer, PoolOffer, Text
from leadloop.content.template_context import TEMPLATE_WORDS
from leadloop.content.templates import template_faults, used_words
from leadloop.intake.fields.mapping import resolve_name
from leadloop.intake.policy import (
    FeedSource,
    FileSource,
    FormSource,
    MailSource,
    PartnerSource,
    Source,
    WebhookSource,
)
from leadloop.nurture.policy import BranchStep, SendStep, Sequence
from leadloop.playbook.checks.addresses import address_faults
from leadloop.playbook.checks.condition_fields import condition_faults
from leadloop.playbook.checks.forms import form_faults
from leadloop.playbook.checks.mappings import (
    LocatedFault,
    feed_faults,
    file_faults,
    partner_faults,
    unknown_field_fault,
    webhook_faults,
)
from leadloop.playbook.model import Playbook
from leadloop.policy.conditions import Condition

PlaybookPath = tuple[str | int, ...]
LocatedCondition = tuple[PlaybookPath, Condition]

COUNTRY = re.compile(r"[A-Z]{2}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?")
REP_ALERT = "rep_alert"  # the template of the mail to a lead's owner


def playbook_faults(playbook: Playbook) -> tuple[LocatedFault, ...]:
    """All faults of a playbook whose sections are valid by themselves."""
    checks: tuple[Callable[[Playbook], Iterator[LocatedFault]], ...] = (
        _company_faults,
        _source_faults,
        _score_faults,
        _routing_faults,
        _pool_faults,
        _lifecycle_faults,
        _sequence_faults,
        _template_faults,
        _window_faults,
        _condition_faults,
        _auto_response_faults,
        _offer_faults,
        _health_faults,
        address_faults,
    )
    return tuple(fault for check in checks for fault in check(playbook))


def _company_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    lines = playbook.company.product_lines
    yield from _duplicate_id_faults(("company", "product_lines"), [line.id for line in lines])
    for n, line in enumerate(lines):
        if line.id not in playbook.scores:
            yield ("company", "product_lines", n, "id"), f"no score is for {line.id}"
    known = {line.id for line in lines}
    references = [
        *((("sources", key), source.product_line) for key, source in playbook.sources.items()),
        *((("scores", key), score.product_line) for key, score in playbook.scores.items()),
        *((("sequences", key), each.product_line) for key, each in playbook.sequences.items()),
    ]
    for where, product_line in references:
        if product_line not in known:
            text = f"{product_line} is no product line of the company"
            yield (*where, "product_line"), text


def _source_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    drops: dict[str, str] = {}
    reps = {rep.id for pool in playbook.pools.values() for rep in pool.reps}
    for key, source in playbook.sources.items():
        yield from _prefix_path(("sources", key), _common_source_faults(source))
        if isinstance(source, FormSource):
            yield from _prefix_path(("sources", key), _form_door_faults(source))
            yield from _prefix_path(("sources", key), form_faults(source))
        if isinstance(source, PartnerSource):
            yield from _prefix_path(("sources", key), partner_faults(source))
        if isinstance(source, WebhookSource):
            yield from _prefix_path(("sources", key), webhook_faults(source))
        if isinstance(source, FileSource):
            yield from _prefix_path(("sources", key), file_faults(source, reps))
        if isinstance(source, FeedSource):
            yield from _prefix_path(("sources", key), feed_faults(source))
        if isinstance(source, MailSource | FeedSource):
            yield from _prefix_path(("sources", key), _label_faults(source))
        if isinstance(source, MailSource):
            first = drops.setdefault(source.address.casefold(), key)
            if first != key:
                yield ("sources", key, "address"), f"is the address of {first} already"


def _common_source_faults(source: Source) -> Iterator[LocatedFault]:
    if not COUNTRY.fullmatch(source.country):
        yield ("country",), "is a country's two letters, as in DE"
    if not LANGUAGE.fullmatch(source.language):
        yield ("language",), "is a language's two or three letters, as in de"
    for name, field in source.fields.items():
        if text := unknown_field_fault(field):
            yield ("fields", name), text
    for n, name in enumerate(source.required):
        if resolve_name(name, source.fields) is None:
            yield ("required", n), f"nothing brings {name}: it is not among `fields`"


def _label_faults(source: MailSource | FeedSource) -> Iterator[LocatedFault]:
    for label, field in source.labels.items():
        if text := unknown_field_fault(field):
            yield ("labels", label), text
        if label != label.casefold():
            yield ("labels", label), "labels are written in lower case"


def _form_door_faults(source: FormSource) -> Iterator[LocatedFault]:
    if source.honeypot is not None and resolve_name(source.honeypot, source.fields) is not None:
        yield ("honeypot",), f"{source.honeypot} is a field that people fill in"
    for n, origin in enumerate(source.allowed_origins):
        if not ORIGIN.fullmatch(origin):
            yield ("allowed_origins", n), "is an origin, as in https://www.example.com"


def _routing_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    routes = playbook.routing.routes
    yield from _duplicate_id_faults(("routing", "routes"), [route.id for route in routes])
    for n, route in enumerate(routes):
        for k, pool in enumerate(route.pools):
            if pool not in playbook.pools:
                yield ("routing", "routes", n, "pools", k), f"there is no pool {pool}"
        if route.when is None and n + 1 < len(routes):
            yield ("routing", "routes", n), "takes all, so no route after it is reached"
    if not routes or routes[-1].when is not None:
        yield ("routing", "routes"), "the last route is to take all: write it without `when`"


def _pool_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    pool_of_rep: dict[str, str] = {}
    for key, pool in playbook.pools.items():
        for n, rep in enumerate(pool.reps):
            if rep.hours not in playbook.routing.weeks:
                yield ("pools", key, "reps", n, "hours"), f"there is no week {rep.hours}"
            if rep.id in pool_of_rep:
                text = f"{rep.id} is in the pool {pool_of_rep[rep.id]} already"
                yield ("pools", key, "reps", n, "id"), text
            pool_of_rep[rep.id] = key


def _score_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    for key, model in playbook.scores.items():
        yield from _duplicate_id_faults(("scores", key, "fit"), [rule.id for rule in model.fit])
        if model.thresholds.hot < model.thresholds.warm:
            yield ("scores", key, "thresholds"), "hot is not below warm"


def _lifecycle_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    lifecycle = playbook.lifecycle
    if lifecycle.service_level.escalate_to not in playbook.pools:
        where: PlaybookPath = ("lifecycle", "service_level", "escalate_to")
        yield where, f"there is no pool {lifecycle.service_level.escalate_to}"
    for name in ("reject_reasons", "lost_reasons"):
        yield from _duplicate_id_faults(
            ("lifecycle", name), [row.id for row in getattr(lifecycle, name)]
        )


def _sequence_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    for key, sequence in playbook.sequences.items():
        for n, step in enumerate(sequence.steps):
            if isinstance(step, SendStep) and step.template not in playbook.templates:
                where: PlaybookPath = ("sequences", key, "steps", n, "template")
                yield where, f"there is no template {step.template}"


def _template_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    if REP_ALERT not in playbook.templates:
        yield ("templates",), f"there is no template {REP_ALERT}, the mail to a lead's owner"
    sequence_templates = {name for s in playbook.sequences.values() for name in _templates_of(s)}
    offer_words = {offer.template: _required_word(offer) for offer in playbook.offers.values()}
    offer_words |= {
        row.template: _required_word(playbook.offers[row.offer])
        for source in playbook.sources.values()
        for row in source.auto_responses
        if row.offer in playbook.offers
    }
    confirmations = {o.confirmation for o in playbook.offers.values() if o.needs_confirmation}
    default = playbook.company.language
    for key, template in playbook.templates.items():
        if default not in template.texts:
            yield ("templates", key, "texts"), f"has no text in {default}, the company's language"
        liquid_faults = template_faults(template)
        for fault in liquid_faults:
            path, _, text = fault.partition(": ")
            yield ("templates", key, *path.split(".")), text
        required = {"unsubscribe_url"} if key in sequence_templates else set()
        required |= {"accept_url"} if key == REP_ALERT else set()
        required |= {offer_words[key]} if key in offer_words else set()
        required |= {"confirm_url"} if key in confirmations else set()
        for language, message in () if liquid_faults else template.texts.items():
            yield from _prefix_path(
                ("templates", key, "texts", language, "body"),
                _word_faults(message, required),
            )


def _health_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    for key in playbook.health:
        if key not in playbook.sources:
            yield ("health", key, "id"), f"there is no source {key}; the file is named by it"


def _offer_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    for key, source in playbook.sources.items():
        if source.offer is not None and source.offer not in playbook.offers:
            yield ("sources", key, "offer"), f"there is no offer {source.offer}"
    for key, offer in playbook.offers.items():
        if offer.template not in playbook.templates:
            yield ("offers", key, "template"), f"there is no template {offer.template}"
        if offer.needs_confirmation and offer.confirmation not in playbook.templates:
            yield ("offers", key, "confirmation"), f"there is no template {offer.confirmation}"
        if isinstance(offer, PoolOffer) and offer.none_left not in (None, *playbook.templates):
            yield ("offers", key, "none_left"), f"there is no template {offer.none_left}"
        if isinstance(offer, CodeOffer):
            for code, times in Counter(offer.codes).items():
                if times > 1:
                    yield ("offers", key, "codes"), f"{code} stands here {times} times"


def _word_faults(message: Text, required: Collection[str]) -> Iterator[LocatedFault]:
    used = used_words(message)
    for word in sorted(used):
        if word not in TEMPLATE_WORDS and not word.startswith("lead.fields."):
            yield (), f"there is no word {word}"
    for word in sorted(required):
        if word not in used:
            yield (), f"says nothing of {word}, which it must"


def _required_word(offer: Offer) -> str:
    """The word that the template of an offer must use, because it carries the offer."""
    return "offer_url" if isinstance(offer, DownloadOffer) else "offer_code"


def _templates_of(sequence: Sequence) -> Iterator[str]:
    return (step.template for step in sequence.steps if isinstance(step, SendStep))


def _window_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    windows = playbook.contact.windows
    if not windows or windows[-1].countries:
        yield (
            ("contact", "windows"),
            "the last window is for all others: write it without countries",
        )
    for n, window in enumerate(windows):
        for k, country in enumerate(window.countries):
            if not COUNTRY.fullmatch(country):
                where: PlaybookPath = ("contact", "windows", n, "countries", k)
                yield where, "is a country's two letters, as in DE"
    for n, window in enumerate(windows[:-1]):
        if not window.countries:
            yield ("contact", "windows", n), "is for all, so no window after it is reached"


def _condition_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    own = _own_fields(playbook)
    for where, condition in _conditions(playbook):
        yield from _prefix_path(where, condition_faults(condition, own))


def _conditions(playbook: Playbook) -> Iterator[LocatedCondition]:
    """The conditions of scores, routes and sequences, each with its place."""
    for key, model in playbook.scores.items():
        for n, rule in enumerate(model.fit):
            yield ("scores", key, "fit", n, "when"), rule.when
    for n, route in enumerate(playbook.routing.routes):
        if route.when is not None:
            yield ("routing", "routes", n, "when"), route.when
    for key, sequence in playbook.sequences.items():
        if sequence.when is not None:
            yield ("sequences", key, "when"), sequence.when
        for n, exit_ in enumerate(sequence.exits):
            yield ("sequences", key, "exits", n), exit_
        for n, step in enumerate(sequence.steps):
            if isinstance(step, BranchStep):
                yield ("sequences", key, "steps", n, "when"), step.when


def _auto_response_faults(playbook: Playbook) -> Iterator[LocatedFault]:
    own = _own_fields(playbook)
    for key, source in playbook.sources.items():
        for n, row in enumerate(source.auto_responses):
            where: PlaybookPath = ("sources", key, "auto_responses", n)
            if row.template not in playbook.templates:
                yield (*where, "template"), f"there is no template {row.template}"
            if row.offer is not None and row.offer not in playbook.offers:
                yield (*where, "offer"), f"there is no offer {row.offer}"
            if row.when is not None:
                yield from _prefix_path((*where, "when"), condition_faults(row.when, own))
        if source.asks is not None:
            yield from _prefix_path(("sources", key, "asks"), condition_faults(source.asks, own))


def _own_fields(playbook: Playbook) -> set[str]:
    return {
        field.removeprefix("fields.")
        for source in playbook.sources.values()
        for field in source.fields.values()
    }


def _prefix_path(where: PlaybookPath, faults: Iterable[LocatedFault]) -> Iterator[LocatedFault]:
    return (((*where, *inside), text) for inside, text in faults)


def _duplicate_id_faults(where: PlaybookPath, ids: list[str]) -> Iterator[LocatedFault]:
    for name, times in Counter(ids).items():
        if times > 1:
            again = len(ids) - 1 - ids[::-1].index(name)
            yield (*where, again, "id"), f"{name} stands here {times} times"
