"""Whether we may contact a person now, and in which time zone the person lives."""
