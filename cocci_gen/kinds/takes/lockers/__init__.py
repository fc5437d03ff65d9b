"""A call, and the functions that it leads to -> what it locks or unlocks for whoever calls it, and who else gives that back."""
