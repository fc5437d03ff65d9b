"""The text of a C file -> its functions, conditionals and constants as texts; what is no code is left out."""
