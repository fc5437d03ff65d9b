"""A commit -> the checks that it passed: checkpatch, a build."""
