"""From raw records to neutral ones: cleaners, code tables, and what a provider could mend."""

from ckanext.cn_govdata.crawl.mapping.record import Mapped, Refused, map_record

__all__ = ["Mapped", "Refused", "map_record"]
