"""What polling brings: entries of web feeds, and files out of a drop."""
