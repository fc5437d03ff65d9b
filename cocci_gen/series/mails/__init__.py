"""A commit or a patch -> mail and the people who get it."""
