"""A lock is taken twice, given up, or missing at a call: `no_relock`, `must_not_call` (not held), `callers`."""
