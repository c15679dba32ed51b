"""Bytes and texts before any field is known: charsets, HTML, JSON, bodies of a post."""
