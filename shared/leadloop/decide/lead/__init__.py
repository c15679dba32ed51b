"""What may happen to a lead, whatever trigger brings it: each file is one step of the work."""
