"""The turns that all workers of this site take at a host, kept in CKAN's Redis."""

from __future__ import annotations

from functools import cache

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

from ckanext.cn_govdata.crawl.shared_pacing import RedisPacer


@cache
def pacer() -> RedisPacer:
    """The one pacer of this process; its keys carry `ckan.site_id`."""
    prefix = f"ckan:{tk.config['ckan.site_id']}:cn_govdata"
    return RedisPacer(connect_to_redis(), prefix, (RedisError,))
