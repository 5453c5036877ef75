"""Cleaning of metadata cells: text, personal data, tags, dates and numbers. No CKAN."""
