"""Portals and platform families: the registry, the profiles, the command without CKAN."""
