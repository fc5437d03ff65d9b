"""Code of the tree, ported without its own example, and what upstream made of it -> how near the port comes."""
