"""The id of a lead: that of its person for the first one, `<person>:<line>` for a further line."""

LINE_MARK = ":"  # in no id of a submission


def further_lead_id(person_id: str, line: str) -> str:
    """The id of the lead that a person has in a further product line."""
    return f"{person_id}{LINE_MARK}{line}"


def person_of(lead_id: str) -> str:
    """The id of the person whose lead it is."""
    return lead_id.partition(LINE_MARK)[0]


def further_line(lead_id: str) -> str | None:
    """The product line that the id names; None for the first lead of a person."""
    return lead_id.partition(LINE_MARK)[2] or None
