"""Posts of partners by the API, and the instructions that explain it to them."""
