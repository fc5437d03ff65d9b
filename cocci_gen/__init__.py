"""Turn the VFS locking tables into reviewable kernel fix series."""

__version__ = "0.1.0"
