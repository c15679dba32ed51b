"""What in a playbook names something that is not there, or can never do what it says."""

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
from leadloop.playbook.checks.condition_fields import condition_faults
from leadloop.playbook.checks.forms import form_faults
from leadloop.playbook.checks.mappings import (
    feed_faults,
    file_faults,
    partner_faults,
    unknown_field_fault,
    webhook_faults,
)
from leadloop.playbook.model import Playbook

PlaybookPath = tuple[str | int, ...]
LocatedFault = tuple[PlaybookPath, str]

COUNTRY = re.compile(r"[A-Z]{2}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d+)?")
REP_ALERT = "rep_alert"  # the template of the mail to a lead's owner


def playbook_faults(playbook: Playbook) -> tuple[LocatedFault, ...]:
    """Every such thing: where, as a path into the playbook, and what is wrong with it."""
    looks: tuple[Callable[[Playbook], Iterator[LocatedFault]], ...] = (
        _company,
        _sources,
        _scores,
        _routing,
        _pools,
        _lifecycle,
        _sequences,
        _templates,
        _windows,
        _conditions,
        _answers,
        _offers,
        _health,
    )
    return tuple(found for look in looks for found in look(playbook))


def _company(playbook: Playbook) -> Iterator[LocatedFault]:
    lines = playbook.company.product_lines
    yield from _duplicate_id_faults(("company", "product_lines"), [line.id for line in lines])
    for n, line in enumerate(lines):
        if line.id not in playbook.scores:
            yield ("company", "product_lines", n, "id"), f"no score is for {line.id}"
    known = {line.id for line in lines}
    named = [
        *((("sources", key), source.product_line) for key, source in playbook.sources.items()),
        *((("scores", key), score.product_line) for key, score in playbook.scores.items()),
        *((("sequences", key), each.product_line) for key, each in playbook.sequences.items()),
    ]
    for where, product_line in named:
        if product_line not in known:
            what = f"{product_line} is no product line of the company"
            yield (*where, "product_line"), what


def _sources(playbook: Playbook) -> Iterator[LocatedFault]:
    drops: dict[str, str] = {}
    reps = {rep.id for pool in playbook.pools.values() for rep in pool.reps}
    for key, source in playbook.sources.items():
        yield from _prefix_path(("sources", key), _source(source))
        if isinstance(source, FormSource):
            yield from _prefix_path(("sources", key), _form(source))
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
            yield from _prefix_path(("sources", key), _labels(source))
        if isinstance(source, MailSource):
            first = drops.setdefault(source.address.casefold(), key)
            if first != key:
                yield ("sources", key, "address"), f"is the address of {first} already"


def _source(source: Source) -> Iterator[LocatedFault]:
    if not COUNTRY.fullmatch(source.country):
        yield ("country",), "is a country's two letters, as in DE"
    if not LANGUAGE.fullmatch(source.language):
        yield ("language",), "is a language's two or three letters, as in de"
    for name, ours in source.fields.items():
        if what := unknown_field_fault(ours):
            yield ("fields", name), what
    for n, name in enumerate(source.required):
        if resolve_name(name, source.fields) is None:
            yield ("required", n), f"nothing brings {name}: it is not among `fields`"


def _labels(source: MailSource | FeedSource) -> Iterator[LocatedFault]:
    for label, ours in source.labels.items():
        if what := unknown_field_fault(ours):
            yield ("labels", label), what
        if label != label.casefold():
            yield ("labels", label), "labels are written in lower case"


def _form(source: FormSource) -> Iterator[LocatedFault]:
    if source.honeypot is not None and resolve_name(source.honeypot, source.fields) is not None:
        yield ("honeypot",), f"{source.honeypot} is a field that people fill in"
    for n, origin in enumerate(source.allowed_origins):
        if not ORIGIN.fullmatch(origin):
            yield ("allowed_origins", n), "is an origin, as in https://www.example.com"


def _routing(playbook: Playbook) -> Iterator[LocatedFault]:
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


def _pools(playbook: Playbook) -> Iterator[LocatedFault]:
    homes: dict[str, str] = {}
    for key, pool in playbook.pools.items():
        for n, rep in enumerate(pool.reps):
            if rep.hours not in playbook.routing.weeks:
                yield ("pools", key, "reps", n, "hours"), f"there is no week {rep.hours}"
            if rep.id in homes:
                what = f"{rep.id} is in the pool {homes[rep.id]} already"
                yield ("pools", key, "reps", n, "id"), what
            homes[rep.id] = key


def _scores(playbook: Playbook) -> Iterator[LocatedFault]:
    for key, model in playbook.scores.items():
        yield from _duplicate_id_faults(("scores", key, "fit"), [rule.id for rule in model.fit])
        if model.thresholds.hot < model.thresholds.warm:
            yield ("scores", key, "thresholds"), "hot is not below warm"


def _lifecycle(playbook: Playbook) -> Iterator[LocatedFault]:
    lifecycle = playbook.lifecycle
    if lifecycle.service_level.escalate_to not in playbook.pools:
        where: PlaybookPath = ("lifecycle", "service_level", "escalate_to")
        yield where, f"there is no pool {lifecycle.service_level.escalate_to}"
    for name in ("reject_reasons", "lost_reasons"):
        yield from _duplicate_id_faults(
            ("lifecycle", name), [row.id for row in getattr(lifecycle, name)]
        )


def _sequences(playbook: Playbook) -> Iterator[LocatedFault]:
    for key, sequence in playbook.sequences.items():
        for n, step in enumerate(sequence.steps):
            if isinstance(step, SendStep) and step.template not in playbook.templates:
                where: PlaybookPath = ("sequences", key, "steps", n, "template")
                yield where, f"there is no template {step.template}"


def _templates(playbook: Playbook) -> Iterator[LocatedFault]:
    if REP_ALERT not in playbook.templates:
        yield ("templates",), f"there is no template {REP_ALERT}, the mail to a lead's owner"
    nurturing = {name for s in playbook.sequences.values() for name in _templates_of(s)}
    bringing = {offer.template: _required_word(offer) for offer in playbook.offers.values()}
    bringing |= {
        row.template: _required_word(playbook.offers[row.offer])
        for source in playbook.sources.values()
        for row in source.auto_responses
        if row.offer in playbook.offers
    }
    default = playbook.company.language
    for key, template in playbook.templates.items():
        if default not in template.texts:
            yield ("templates", key, "texts"), f"has no text in {default}, the company's language"
        broken = template_faults(template)
        for fault in broken:
            path, _, what = fault.partition(": ")
            yield ("templates", key, *path.split(".")), what
        must = {"unsubscribe_url"} if key in nurturing else set()
        must |= {"accept_url"} if key == REP_ALERT else set()
        must |= {bringing[key]} if key in bringing else set()
        for language, text in () if broken else template.texts.items():
            yield from _prefix_path(
                ("templates", key, "texts", language, "body"), _template_word_faults(text, must)
            )


def _health(playbook: Playbook) -> Iterator[LocatedFault]:
    for key in playbook.health:
        if key not in playbook.sources:
            yield ("health", key, "id"), f"there is no source {key}; the file is named by it"


def _offers(playbook: Playbook) -> Iterator[LocatedFault]:
    for key, source in playbook.sources.items():
        if source.offer is not None and source.offer not in playbook.offers:
            yield ("sources", key, "offer"), f"there is no offer {source.offer}"
    for key, offer in playbook.offers.items():
        if offer.template not in playbook.templates:
            yield ("offers", key, "template"), f"there is no template {offer.template}"
        if isinstance(offer, PoolOffer) and offer.none_left not in (None, *playbook.templates):
            yield ("offers", key, "none_left"), f"there is no template {offer.none_left}"
        if isinstance(offer, CodeOffer):
            for code, times in Counter(offer.codes).items():
                if times > 1:
                    yield ("offers", key, "codes"), f"{code} stands here {times} times"


def _template_word_faults(text: Text, must: Collection[str]) -> Iterator[LocatedFault]:
    used = used_words(text)
    for word in sorted(used):
        if word not in TEMPLATE_WORDS and not word.startswith("lead.fields."):
            yield (), f"there is no word {word}"
    for word in sorted(must):
        if word not in used:
            yield (), f"says nothing of {word}, which it must"


def _required_word(offer: Offer) -> str:
    """The word without which its template would promise and not deliver."""
    return "offer_url" if isinstance(offer, DownloadOffer) else "offer_code"


def _templates_of(sequence: Sequence) -> Iterator[str]:
    return (step.template for step in sequence.steps if isinstance(step, SendStep))


def _windows(playbook: Playbook) -> Iterator[LocatedFault]:
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


def _conditions(playbook: Playbook) -> Iterator[LocatedFault]:
    own = _own_fields(playbook)
    for key, model in playbook.scores.items():
        for n, rule in enumerate(model.fit):
            yield from _prefix_path(
                ("scores", key, "fit", n, "when"), condition_faults(rule.when, own)
            )
    for n, route in enumerate(playbook.routing.routes):
        if route.when is not None:
            yield from _prefix_path(
                ("routing", "routes", n, "when"), condition_faults(route.when, own)
            )
    for key, sequence in playbook.sequences.items():
        if sequence.when is not None:
            yield from _prefix_path(
                ("sequences", key, "when"), condition_faults(sequence.when, own)
            )
        for n, exit_ in enumerate(sequence.exits):
            yield from _prefix_path(("sequences", key, "exits", n), condition_faults(exit_, own))
        for n, step in enumerate(sequence.steps):
            if isinstance(step, BranchStep):
                yield from _prefix_path(
                    ("sequences", key, "steps", n, "when"), condition_faults(step.when, own)
                )


def _answers(playbook: Playbook) -> Iterator[LocatedFault]:
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
        ours.removeprefix("fields.")
        for source in playbook.sources.values()
        for ours in source.fields.values()
    }


def _prefix_path(where: PlaybookPath, found: Iterable[LocatedFault]) -> Iterator[LocatedFault]:
    return (((*where, *inside), what) for inside, what in found)


def _duplicate_id_faults(where: PlaybookPath, ids: list[str]) -> Iterator[LocatedFault]:
    for name, times in Counter(ids).items():
        if times > 1:
            again = len(ids) - 1 - ids[::-1].index(name)
            yield (*where, again, "id"), f"{name} stands here {times} times"
