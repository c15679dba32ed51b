"""leadloop: a lead from the first sign of interest to the won customer, and back again."""
