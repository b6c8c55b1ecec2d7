"""Acme's own rules for appsync-lint, one module each."""
