"""Where everything of one working copy lies."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LOCAL = PROJECT / ".local"
# Another set of servers beside the copy's own, with data, ports and logs of its own: a name.
INSTANCE = LOCAL / os.environ["CN_GOVDATA_STACK"] if "CN_GOVDATA_STACK" in os.environ else LOCAL

STATE = INSTANCE / "state.json"
RUN = INSTANCE / "run"
LOG = INSTANCE / "log"
CACHE = LOCAL / "cache"

DEMO_INI = LOCAL / "ckan.ini"
TEST_INI = PROJECT / "test.ini"
DEMO_REPORT = LOCAL / "demo.json"
PORTALS = LOCAL / "portals.json"

CONFIGSET = PROJECT / "ckanext/cn_govdata/search/configset"
SOLR_SOURCES = PROJECT / "tools/solr"
CONSTRAINTS = PROJECT / "constraints"
