"""A nation of portals, harvested by workers: `make bench-national`."""
