"""Whom we ask outside: vendors and services, each a plug-in; nothing here decides."""
