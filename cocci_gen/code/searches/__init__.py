"""A Graph and a question -> Path or Exploration: the feasible ways through it."""
