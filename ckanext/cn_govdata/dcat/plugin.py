"""The plugin `cn_govdata_dcat`: interface methods only. What they do stands in the room."""

from __future__ import annotations

import ckan.plugins as p


class CnGovdataDcatPlugin(p.SingletonPlugin):
    """DCAT export, vocabularies as linked data, dumps and change feed."""
