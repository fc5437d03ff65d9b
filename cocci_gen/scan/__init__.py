"""The stages joined: KernelTree and rules -> Scan."""
