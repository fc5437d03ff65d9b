"""Obligation and facts -> SemanticPatch -> spatch -> Outcome: render, lint, slice, run, cache."""
