"""The fields of a submission: their labels, mappings, placeholders and checks."""
