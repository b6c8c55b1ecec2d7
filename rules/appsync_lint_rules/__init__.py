"""The built-in rules of appsync-lint, one module each."""
