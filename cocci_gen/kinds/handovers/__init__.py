"""What a method took for its caller is not handed over, or kept on failure: `returns_locked`."""
