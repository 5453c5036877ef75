"""The CKAN that the benchmarks run in."""

import logging

# CKAN puts its own folder, which holds a `tests`, before all others on the path: ours come first.
import tests.portals.server
import tests.store.sample  # noqa: F401

# isort: split
from ckan.cli import load_config
from ckan.config.middleware import make_app


def in_request(ini):
    """A request of a CKAN made from this configuration, to work in."""
    app = make_app(load_config(ini))
    logging.disable(logging.ERROR)  # a line or more a record of the stock side
    return app._wsgi_app.test_request_context()
