"""Entries of feeds and files from drops, read as submissions."""
