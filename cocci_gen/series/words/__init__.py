"""A breach -> the words of its commit message."""
