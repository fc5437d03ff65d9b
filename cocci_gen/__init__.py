"""Turn the VFS locking tables into reviewable kernel fix series."""
