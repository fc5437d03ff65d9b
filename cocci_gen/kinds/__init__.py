"""Obligation and facts -> Finding: a folder per family; who is bound, what breaks it, how sure, how it is mended."""
