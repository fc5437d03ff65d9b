"""A call that is owed is missing, or one that is barred is made: `must_call`, `must_not_call`."""
