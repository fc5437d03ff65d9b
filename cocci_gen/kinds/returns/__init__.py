"""A value is returned that the contract does not know: `returns`."""
