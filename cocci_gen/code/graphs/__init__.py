"""The text of one C function -> Graph, and what holds of a graph without going through it: scopes, orders, dominators."""
