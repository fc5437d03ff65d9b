"""A right kernel function -> broken ones -> how many are found and mended."""
