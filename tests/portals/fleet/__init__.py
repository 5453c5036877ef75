"""A nation of replay portals in one process: hundreds of hosts, hundreds of thousands of records."""
