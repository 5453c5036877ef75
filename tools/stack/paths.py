"""Where everything of one working copy lies."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
LOCAL = PROJECT / ".local"

STATE = LOCAL / "state.json"
RUN = LOCAL / "run"
LOG = LOCAL / "log"
CACHE = LOCAL / "cache"

DEMO_INI = LOCAL / "ckan.ini"
TEST_INI = PROJECT / "test.ini"
DEMO_REPORT = LOCAL / "demo.json"
PORTALS = LOCAL / "portals.json"

CONFIGSET = PROJECT / "ckanext/cn_govdata/search/configset"
SOLR_SOURCES = PROJECT / "tools/solr"
CONSTRAINTS = PROJECT / "constraints"
