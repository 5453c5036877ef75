"""Personal data: found, removed and counted before a record is hashed, logged, stored or mapped.

Reasons name a kind and a place, never the value.
"""

from ckanext.cn_govdata.text.personal.office import office_email, office_name, office_phone
from ckanext.cn_govdata.text.personal.scrubbing import Scrubbed, scrub, scrub_text

__all__ = ["Scrubbed", "office_email", "office_name", "office_phone", "scrub", "scrub_text"]
