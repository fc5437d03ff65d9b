"""A branch of a conditional, and what the kernel has -> whether it is compiled, and what names must be for that."""
