"""A run folder -> what people and programs read of it: compiler lines, JSON, SARIF, HTML, annotations, explanations.

Imports everything but cli; prints nothing.
"""
