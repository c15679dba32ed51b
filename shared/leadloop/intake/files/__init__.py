"""Rows of files that colleagues or partners bring: what columns mean, and each row's lead."""
