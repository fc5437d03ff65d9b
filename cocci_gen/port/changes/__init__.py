"""The headers of both kernels -> Evolution, one class for each way in which what code relies on may change."""
