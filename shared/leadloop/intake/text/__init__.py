"""Bytes become text and named values; nothing here knows a field of a submission."""
