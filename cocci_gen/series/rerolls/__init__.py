"""A former series and a new run -> its next version."""
