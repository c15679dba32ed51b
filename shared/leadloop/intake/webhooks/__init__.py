"""Vendors' webhook posts become submissions; each vendor is one file in `vendors/`."""
