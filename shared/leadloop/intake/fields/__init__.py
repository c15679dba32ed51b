"""Our fields: their names, the labels and placeholders others use, and the parts they become."""
