"""The playbook, a customer's rules: loaded from YAML, checked, compiled and versioned."""
