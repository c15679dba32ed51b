"""Texts that people see: mails, pages, forms and the signed links in them."""
