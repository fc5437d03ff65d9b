"""Methods whose head, result or home changed, and those who followed -> rules for their heads, bodies and tables."""
