"""What is said of one breach: Finding, Edit, Trial."""
