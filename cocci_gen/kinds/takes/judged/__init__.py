"""A way that keeps what was taken -> the doubts that lower the finding, how a method comes there, and what cannot be seen."""
