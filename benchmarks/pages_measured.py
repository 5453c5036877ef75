"""One round of `benchmarks.pages`: INI OUTPUT TIMES WORD, in a process of its own.

What each page costs: wall time in process, SQL statements, requests to Solr.
"""

import json
import sys
import time
from pathlib import Path

import pysolr
import sqlalchemy as sa
from ckan import model
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.plugins import plugin_loaded

EDITOR, ADMINISTRATOR, PASSWORD = "bench-editor", "bench-admin", "a-Password-9"
WARM_UP = 2
DATASETS = 20  # taken in turn for the page of a dataset


def main(ini, output, times, word):
    app = make_app(load_config(ini))._wsgi_app
    meter = Meter()
    with app.test_request_context():
        pages = addresses()
    clients = {
        "anonymous": app.test_client(),
        "editor": logged_in(app, EDITOR),
        "sysadmin": logged_in(app, ADMINISTRATOR),
    }
    found = {}
    for page, known in pages.items():
        if word not in page:
            continue
        for reader, client in clients.items():
            for turn in range(WARM_UP):
                client.get(known[turn % len(known)])
            found[f"{page}|{reader}"] = [
                meter.ask(client, known[turn % len(known)]) for turn in range(times)
            ]
    Path(output).write_text(json.dumps(found), encoding="utf-8")


class Meter:
    """Counts and times what a request asks of the database and of Solr."""

    def __init__(self):
        self.reset()
        engine = model.ensure_engine()
        sa.event.listen(engine, "before_cursor_execute", self._before)
        sa.event.listen(engine, "after_cursor_execute", self._after)
        send = pysolr.Solr._send_request

        def timed(connection, *arguments, **options):
            begun = time.perf_counter()
            try:
                return send(connection, *arguments, **options)
            finally:
                self.solr += 1
                self.solr_ms += 1000 * (time.perf_counter() - begun)

        pysolr.Solr._send_request = timed

    def reset(self):
        self.sql = self.solr = 0
        self.sql_ms = self.solr_ms = 0.0
        self.statements = []

    def _before(self, *_):
        self._begun = time.perf_counter()

    def _after(self, _connection, _cursor, statement, *_):
        spent = 1000 * (time.perf_counter() - self._begun)
        self.sql += 1
        self.sql_ms += spent
        self.statements.append((spent, statement))

    def ask(self, client, address):
        slowdown = waiting()
        self.reset()
        begun, cpu = time.perf_counter(), time.process_time()
        response = client.get(address)
        spent = 1000 * (time.perf_counter() - begun)
        return {
            "status": response.status_code,
            "ms": spent,
            "cpu_ms": 1000 * (time.process_time() - cpu),
            "slowdown": slowdown,
            "sql": self.sql,
            "sql_ms": self.sql_ms,
            "solr": self.solr,
            "solr_ms": self.solr_ms,
        }


def waiting():
    """How many times longer than alone a piece of pure Python takes on this machine just now."""
    begun, cpu = time.perf_counter(), time.process_time()
    sum(range(600_000))
    return (time.perf_counter() - begun) / max(time.process_time() - cpu, 1e-9)


def logged_in(app, name):
    client = app.test_client()
    answer = client.post("/user/login", data={"login": name, "password": PASSWORD})
    assert answer.status_code == 302, answer.status_code
    return client


def addresses():
    """The pages by name, each with one address or several that are taken in turn."""
    largest, small = sources()
    first_job = value(
        "SELECT id FROM harvest_job WHERE source_id = :id ORDER BY created LIMIT 1", id=largest[0]
    )
    harvest = f"/harvest/{largest[1]}"
    pages = {
        "front page": ["/"],
        "dataset, largest organisation": datasets(largest[0]),
        "dataset, small organisation": datasets(small[0]),
        "harvest sources": ["/harvest/"],
        "harvest sources, search": ["/harvest/?q=数据"],
        "source, largest": [harvest],
        "source, largest, page 50": [f"{harvest}?page=50"],
        "source, small": [f"/harvest/{small[1]}"],
        "source, about": [f"/harvest/about/{largest[1]}"],
        "source, admin": [f"/harvest/admin/{largest[1]}"],
        "source, edit": [f"/harvest/edit/{largest[1]}"],
        "jobs": [f"{harvest}/job"],
        "job, last": [f"{harvest}/job/last"],
        "job, first": [f"{harvest}/job/{first_job}"],
        "dataset search": ["/dataset/"],
        "organisation, largest": [f"/organization/{organization(largest[0])}"],
        "organisations": ["/organization/"],
        "themes": ["/theme/"],
    }
    if plugin_loaded("cn_govdata"):
        pages |= {
            "portals": ["/cn-govdata/portals"],
            "portal": ["/cn-govdata/portals/370000"],
            "division, nation": ["/cn-govdata/division/100000"],
            "division, province": ["/cn-govdata/division/370000"],
            "code list": ["/cn-govdata/vocabulary/open_domain_22"],
        }
    return pages


def sources():
    """Id and name of the largest source and of one in the middle."""
    rows = model.Session.execute(
        sa.text(
            "SELECT p.id, p.name FROM package p JOIN cn_govdata_record r ON"
            " r.harvest_source_id = p.id GROUP BY p.id, p.name ORDER BY count(*) DESC, p.id"
        )
    ).all()
    return rows[0], rows[len(rows) // 2]


def datasets(source_id):
    rows = model.Session.execute(
        sa.text(
            "SELECT p.name FROM package p JOIN cn_govdata_record r ON r.package_id = p.id"
            " WHERE r.harvest_source_id = :id ORDER BY p.id LIMIT :limit"
        ),
        {"id": source_id, "limit": DATASETS},
    )
    return [f"/dataset/{name}" for (name,) in rows]


def organization(source_id):
    return value(
        'SELECT g.name FROM "group" g JOIN package p ON p.owner_org = g.id WHERE p.id = :id',
        id=source_id,
    )


def value(statement, **parameters):
    return model.Session.execute(sa.text(statement), parameters).scalar()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else "")
