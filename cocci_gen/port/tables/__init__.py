"""Arrays and initialisers of both trees -> rules for entries that went, ends that are counted, nests that became a path."""
