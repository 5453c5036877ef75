"""Divisions, code lists, words and codes of the Chinese metadata standards. Knows no CKAN."""
