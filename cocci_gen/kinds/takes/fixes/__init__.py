"""A return that keeps what was taken -> FixPlan: the calls that give it back, where they stand, what is half a repair."""
