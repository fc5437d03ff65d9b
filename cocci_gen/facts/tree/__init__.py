"""Kernel tree -> KernelIndex: its functions, operations tables and headers, kept by blob, and what they mean to each other."""
