"""A function and a page or folio that it is given -> Effect and Outcome: what becomes of its lock and its data."""
