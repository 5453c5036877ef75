"""Rows as a worker writes them while it runs, for tests that run none."""

import sqlalchemy as sa


def running(job_id, source_id, portal_id="451300", *, seconds=20.0, **counters):
    """A job that has run for so many seconds."""
    from datetime import timedelta

    from ckan import model

    from ckanext.cn_govdata.store.tables import now, progress_table

    at = now()
    row = {
        "harvest_job_id": job_id,
        "harvest_source_id": source_id,
        "portal_id": portal_id,
        "holder": "machine|boot|pid:[1]|77",
        "counters": {"portal_id": portal_id, "listed": 0, "total": None, **counters},
        "started": at - timedelta(seconds=seconds),
        "updated": at,
    }
    model.Session.execute(
        sa.delete(progress_table).where(progress_table.c.harvest_job_id == job_id)
    )
    model.Session.execute(sa.insert(progress_table).values(row))
    model.Session.commit()


def waiting(job_id, source_id, *, manual=False, age=0.0):
    """A job that waits in the queue for so many seconds."""
    from datetime import UTC, datetime, timedelta

    from ckan import model

    from ckanext.cn_govdata.store.tables import queue_table

    row = {
        "harvest_job_id": job_id,
        "harvest_source_id": source_id,
        "name": f"portal-{job_id}",
        "host": "data.example.cn",
        "manual": manual,
        "queued_at": datetime.now(UTC) - timedelta(seconds=age),
    }
    model.Session.execute(sa.insert(queue_table).values(row))
    model.Session.commit()


def worker(holder="machine|boot|pid:[1]|77", *, silent=0.0, lives_on=False):
    """A worker that was last heard of so many seconds ago, or that will be for a day."""
    from datetime import UTC, datetime, timedelta

    from ckan import model

    from ckanext.cn_govdata.store.tables import worker_table

    row = {
        "holder": holder,
        "host": "machine",
        "pid": 77,
        "seen": datetime.now(UTC) + timedelta(days=1 if lives_on else 0, seconds=-silent),
        "numbers": {"slots": 32, "running": 1, "written": 10},
    }
    model.Session.execute(sa.insert(worker_table).values(row))
    model.Session.commit()
