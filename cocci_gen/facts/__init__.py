"""A whole kernel tree -> KernelIndex, and what a callee does to a page, a lock, the right to sleep."""
