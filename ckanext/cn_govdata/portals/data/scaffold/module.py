"""The platform family NAME."""

from importlib.resources import files

from ckanext.cn_govdata.crawl.profile import Profile
from ckanext.cn_govdata.portals import families


def profile() -> Profile:
    """Return the compiled profile."""
    return families.load(files(__name__).joinpath("NAME.yaml").read_text("utf-8"), "NAME")
