"""Reading portals: the profile engine, the HTTP client, the neutral record."""
