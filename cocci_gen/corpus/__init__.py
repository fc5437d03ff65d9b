"""The regression corpus: cases, verdicts of people, mutants."""
