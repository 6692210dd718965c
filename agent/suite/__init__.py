"""Suites: a policy and its baselines on every task and family, and the page that shows them."""
