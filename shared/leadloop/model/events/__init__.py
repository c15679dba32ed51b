"""What can happen: one class for each name of an event, with its fields."""
