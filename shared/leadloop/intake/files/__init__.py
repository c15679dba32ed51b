"""Imported files of rows: what each column means, and each row as a submission."""
