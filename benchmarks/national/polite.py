"""Whether hosts were asked politely, from their own logs."""

from collections import defaultdict
from itertools import pairwise

WINDOW = 10.0  # seconds


def judge(visits):
    """Per host: requests at one time, and the narrowest spacing. The worst host of all counts."""
    hosts = defaultdict(list)
    for visit in visits:
        hosts[visit.host].append(visit)
    worst = [_host(sorted(each, key=lambda visit: visit.begin)) for each in hosts.values()]
    gaps = [gap for _, gap, _ in worst if gap is not None]
    return {
        "hosts": len(hosts),
        "requests": len(visits),
        "most_at_once": max((peak for peak, _, _ in worst), default=0),
        "narrowest_gap_s": round(min(gaps), 3) if gaps else None,
        "most_in_10_s": max((most for _, _, most in worst), default=0),
    }


def _host(visits):
    """Most requests running at once, seconds between two begins, most begins in a window."""
    moments = sorted([(visit.begin, 1) for visit in visits] + [(v.end, -1) for v in visits])
    running = peak = 0
    for _, step in moments:
        running += step
        peak = max(peak, running)
    begins = [visit.begin for visit in visits]
    gaps = [later - earlier for earlier, later in pairwise(begins)]
    first = most = 0
    for last, begin in enumerate(begins):
        while begins[first] <= begin - WINDOW:
            first += 1
        most = max(most, last - first + 1)
    return peak, min(gaps, default=None), most
