"""What calls do to what they are given, and which calls a function comes to -> CallVocabulary, Holders, Reached, callers."""
