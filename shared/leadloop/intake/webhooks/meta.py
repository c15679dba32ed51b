"""Meta Lead Ads: a post names leads; each one's details are with the Graph API.

One post may carry many, of several pages. A lead of Meta's own testing tool says so in its values.
"""

from collections.abc import Iterator

from leadloop.intake.webhooks.vendor_lead import Json, Told, id_of, inner, odd, rows

TEST = "<test lead:"  # how its values begin
NOBODY = "444444444444"  # the id that the app's own “Test” button sends
FACTS = ("ad_id", "adgroup_id", "ad_name", "campaign_id", "form_id", "page_id", "platform")


def told(document: Json) -> Iterator[Told]:
    """Each new lead; posts about anything else tell of none."""
    for entry in rows(document, "entry"):
        for change in rows(entry, "changes"):
            if change.get("field") == "leadgen":
                yield _told(inner(change, "value"))


def answered(document: Json) -> Told:
    """What the Graph API says of one lead."""
    return _told({"field_data": None, **document, "leadgen_id": document.get("id")})


def _told(value: Json) -> Told:
    id_ = id_of(value.get("leadgen_id"))
    facts = {name: found for name in FACTS if (found := id_of(value.get(name)))}
    if "field_data" not in value:
        missing = () if id_ else (odd("leadgen_id"),)
        return Told(id_, None if id_ else facts, test=id_ == NOBODY, doubts=missing)
    values: dict[str, object] = dict(facts)
    for answer in rows(value, "field_data"):
        values.setdefault(str(answer.get("name")), _joined(answer.get("values")))
    for box in rows(value, "custom_disclaimer_responses"):
        values.setdefault(str(box.get("checkbox_key")), str(box.get("is_checked") or ""))
    doubts = () if isinstance(value["field_data"], list) else (odd("field_data"),)
    test = any(isinstance(said, str) and said.startswith(TEST) for said in values.values())
    return Told(id_, values, test=test or id_ == NOBODY, doubts=doubts)


def _joined(values: object) -> str | None:
    """Several are ticks of one question."""
    given = values if isinstance(values, list) else [values]
    return ", ".join(str(each) for each in given if isinstance(each, str | int)) or None
