"""A replayed portal and its harvest source, for tests through the real servers."""

import contextlib
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
    app: Any

    def run(self, **options):
        from ckanext.cn_govdata.harvest import jobs, runner
        from ckanext.cn_govdata.harvest.run import Options

        with self.app.flask_app.test_request_context():
            job = jobs.create(jobs.find_source(self.name))
            return runner.run(job.id, options=Options(**options))


@pytest.fixture
def portal(clean_db, clean_index, with_plugins, app):
    """Make a portal: `portal(portal_id, size)` gives a running replay portal and its source."""
    from ckanext.cn_govdata.harvest import sources
    from ckanext.cn_govdata.portals import registry
    from ckanext.cn_govdata.schema import themes
    from tests.portals import catalogue
    from tests.portals.server import ReplayPortal

    with contextlib.ExitStack() as running:

        def make(portal_id=LAIBIN, size=40, **own):
            [stored] = [one for one in catalogue.portals() if one.portal == portal_id]
            options = {"context": stored.context} if stored.context else {}
            replay = running.enter_context(
                ReplayPortal(stored.family, stored.records()[:size], **stored.options, **options)
            )
            settings = {"rate": 0, "concurrency": 4, "withdraw_after_days": 0, **own}
            with app.flask_app.test_request_context():
                themes.ensure()
                name, _ = sources.create(
                    registry.get(portal_id), url=replay.base_url, settings_=settings
                )
            return PortalUnderTest(replay, name, app)

        yield make
