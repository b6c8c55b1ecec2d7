"""How fast the linter is and how much memory it takes: ``python -m tests.benchmarks``. Nothing here is a test."""
