"""Checks of a whole playbook: that every name it uses exists and fits."""
