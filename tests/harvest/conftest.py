"""A replayed portal and its harvest source, for tests through the real servers."""

import contextlib
import json
from dataclasses import dataclass
from typing import Any

import pytest

LAIBIN = "451300"
ZUNYI = "520300"


@dataclass
class PortalUnderTest:
    """A replay portal with the source that harvests it."""

    replay: Any
    name: str

    def run(self):
        from ckanext.cn_govdata.harvest import jobs, runner

        return runner.run(jobs.create(jobs.find_source(self.name)).id)

    def configure(self, **settings):
        from ckan import model

        from ckanext.cn_govdata.harvest import jobs

        row = jobs.find_source(self.name)
        row.config = json.dumps({**json.loads(row.config), **settings})
        model.Session.commit()


@pytest.fixture
def portal(clean_db, clean_index, with_plugins, with_request_context):
    """Make a portal: `portal(portal_id, size)` gives a running replay portal and its source."""
    from ckanext.cn_govdata.harvest import sources
    from ckanext.cn_govdata.portals import registry
    from ckanext.cn_govdata.schema import themes
    from tests.portals import catalogue
    from tests.portals.server import ReplayPortal

    with contextlib.ExitStack() as running:

        def make(portal_id=LAIBIN, size=40):
            [stored] = [one for one in catalogue.portals() if one.portal == portal_id]
            options = {"context": stored.context} if stored.context else {}
            replay = running.enter_context(
                ReplayPortal(stored.family, stored.records()[:size], **stored.options, **options)
            )
            themes.ensure()
            name, _ = sources.create(
                registry.get(portal_id),
                url=replay.base_url,
                settings_={"rate": 0, "concurrency": 4, "withdraw_after_days": 0},
            )
            return PortalUnderTest(replay, name)

        yield make
