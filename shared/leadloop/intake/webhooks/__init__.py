"""What vendors post by themselves: one file for each vendor's shape, one for what they share."""
