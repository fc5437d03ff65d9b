"""A function and a thing or state -> Holding, each name under which it takes that, and what its steps do to it."""
