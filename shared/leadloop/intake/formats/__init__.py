"""Readers of formats: each turns one document into the people it describes."""
