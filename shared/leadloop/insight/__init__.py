"""What the figures say: counted from what is stored, and never the other way round."""
