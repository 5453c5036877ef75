"""Whatever dies while portals are harvested: nothing is lost, nothing stands twice."""
