"""Suffixes are loaded by top-level domain; together they say what the whole list says."""

from importlib.resources import files
from pathlib import Path

from publicsuffixlist import PSLFILE, PublicSuffixList

from leadloop.identity.account import account_of


def test_the_rules_of_a_top_level_domain_say_what_all_rules_say() -> None:
    whole = PublicSuffixList(accept_encoded_idn=False)
    rules = {
        rule.lstrip("!").replace("*", "star") for rule in data_lines(Path(PSLFILE).read_text())
    }
    tenants = files("leadloop.identity").joinpath("tenant_hosts.txt").read_text("utf-8")
    hosts = tuple(line.split()[0] for line in data_lines(tenants))
    domains = [
        f"{before}{rule}"
        for rule in rules
        for before in ("", "acme.", "b.acme.")
        if not rule.endswith(hosts)  # those are told apart by our own list
    ]
    assert len(domains) > 20_000
    assert {
        domain: account
        for domain in domains
        if (account := account_of(f"a@{domain}", free_mail=False)) != whole.privatesuffix(domain)
    } == {}


def data_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and line[0] not in "/#"]
