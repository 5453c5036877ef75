"""CKAN as a WSGI application; runs inside the virtual environment, by the demo's web server."""

import os

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

application = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
