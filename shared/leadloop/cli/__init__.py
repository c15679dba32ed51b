"""The `leadloop` command line."""
