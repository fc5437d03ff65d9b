"""Accepted findings -> patches -> mails; knows neither C nor facts."""
