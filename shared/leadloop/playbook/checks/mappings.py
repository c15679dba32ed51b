"""Faults in how a source maps its names: paths that are none, required fields without a value."""

from collections.abc import Callable, Collection, Iterator, Mapping
from urllib.parse import urlsplit

from leadloop.intake.fields.mapping import resolve_name
from leadloop.intake.formats.mapped_xml import xpath_fault
from leadloop.intake.policy import FeedSource, FileSource, PartnerSource, WebhookSource, XmlBody
from leadloop.intake.text.json_paths import path_fault
from leadloop.intake.webhooks.registry import vendor_of
from leadloop.model.contact import Contact, Interest

SCHEMES = ("https", "sftp", "ftps", "ftp")
NO_ADDRESS = urlsplit("")
HOST_KEY_TYPES = ("ssh-", "ecdsa-")
LocatedFault = tuple[tuple[str | int, ...], str]
PathCheck = Callable[[str], str | None]
JSON_ONLY_FIELDS = ("proof", "leads", "key_field", "test_field", "deleted_field", "inside")


def unknown_field_fault(field_name: str) -> str | None:
    """Why a full name such as `contact.email` is no field; None if it is one."""
    group, _, name = field_name.partition(".")
    known = {"contact": Contact.model_fields, "interest": Interest.model_fields}.get(group)
    if known is None or name in known:
        return None
    return f"{field_name} is no field of ours; there are {', '.join(known)}"


def mapped_path_faults(mapping: Mapping[str, str], fault: PathCheck) -> Iterator[LocatedFault]:
    """The faults of a mapping whose names may be paths into a document."""
    for path in mapping:
        if text := fault(path):
            yield ("fields", path), text


def partner_faults(source: PartnerSource) -> Iterator[LocatedFault]:
    """The faults of a partner's names and paths, in each format that it may post."""
    yield from mapped_path_faults(source.fields, path_fault)
    if source.key_field is not None and (text := path_fault(source.key_field)):
        yield ("key_field",), text
    if source.xml is not None:
        yield from ((("xml", *where), text) for where, text in _xml_faults(source, source.xml))


def file_faults(source: FileSource, reps: Collection[str]) -> Iterator[LocatedFault]:
    """The faults of a list from another system: settings that do not apply, unknown owners."""
    if not source.quiet and (source.stages or source.owners or source.dates):
        yield ("quiet",), "stages, owners and dates are read of lists that are kept quiet only"
    for foreign_name, rep in source.owners.items():
        if rep not in reps:
            yield ("owners", foreign_name), f"{rep} is in no pool"


def webhook_faults(source: WebhookSource) -> Iterator[LocatedFault]:
    """Of what only some vendors have, and of the paths into any JSON."""
    if vendor_of(source).read_fetched_lead is not None and source.token is None:
        yield ("token",), f"{source.format} only names a lead: the rest needs a token"
    if source.format != "json":
        for name in JSON_ONLY_FIELDS:
            if getattr(source, name) is not None:
                yield (name,), f"is for any JSON; how {source.format} posts is known"
        return
    if not source.fields:
        yield ("fields",), "nothing is mapped, so nobody would be understood"
    yield from mapped_path_faults(source.fields, path_fault)
    for name in ("leads", "key_field", "test_field", "deleted_field"):
        path = getattr(source, name)
        if path is not None and (what := path_fault(path)):
            yield (name,), what


def feed_faults(source: FeedSource) -> Iterator[LocatedFault]:
    """The faults of a polled source: its address, its keys, its paths."""
    try:
        address = urlsplit(source.address)
    except ValueError:  # brackets around no IPv6 address
        address = NO_ADDRESS
    if address.scheme not in SCHEMES or not address.hostname or address.username is not None:
        yield ("address",), f"begins with one of {', '.join(SCHEMES)}, and names no user"
    if address.scheme == "sftp" and not (source.host_key or "").startswith(HOST_KEY_TYPES):
        yield ("host_key",), "is the server's public key, as in “ssh-ed25519 AAAA…”"
    elif address.scheme == "sftp" and source.login is None:
        yield ("login",), "names the secret with the user and the key or password"
    yield from mapped_path_faults(source.fields, path_fault)


def _xml_faults(source: PartnerSource, xml: XmlBody) -> Iterator[LocatedFault]:
    yield from mapped_path_faults(xml.fields, xpath_fault)
    if xml.key is not None and (text := xpath_fault(xml.key)):
        yield ("key",), text
    for path, field_name in xml.fields.items():
        if text := unknown_field_fault(field_name):
            yield ("fields", path), text
    mapped = {resolve_name(path, xml.fields) for path in xml.fields}
    for name in source.required:
        required_name = resolve_name(name, source.fields)
        if required_name is not None and required_name not in mapped:
            yield ("fields",), f"nothing brings {required_name}, which is required"
