"""The schema room: fields, code lists, obligations, theme groups, organisations, facets."""
