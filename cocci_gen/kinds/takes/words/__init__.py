"""things.toml, states.toml and the texts of functions -> Thing and State: what may be taken, by which calls, and kept where."""
