"""One document of a known format becomes the persons it names."""
