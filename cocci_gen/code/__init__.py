"""The text of one C function -> Graph -> Path; knows nothing of kernels."""
