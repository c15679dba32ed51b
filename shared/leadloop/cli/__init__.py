"""The command line `leadloop`, for operators."""
