"""A run (or the nights of a batch) -> one page that works from a file: no network, no script of a tree, keyboard first."""
