"""Code after all rules, and what changed -> Leftover, each place that a person has to look at, with the reason."""
