"""What a person does to a lead, by subject."""
