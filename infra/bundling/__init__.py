"""The zip of each function, built without Docker."""
