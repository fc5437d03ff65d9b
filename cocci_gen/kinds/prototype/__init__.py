"""locking.rst and the headers differ: `prototype`."""
