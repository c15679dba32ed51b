"""The one table: what is known is read here, and what was decided is written here, at once."""
