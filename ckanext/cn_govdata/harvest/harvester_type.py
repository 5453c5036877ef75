"""The name of the harvest source type of local portals."""

SOURCE_TYPE = "cn_portal"
