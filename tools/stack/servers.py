"""The servers under CKAN, as one."""

from tools.stack import debian, postgres, process, redis, solr
from tools.stack.screen import say
from tools.stack.state import State

# In the order of their start; stopped the other way round.
ORDER = (postgres.NAME, redis.NAME, solr.NAME, "portals", "ckan", "worker")


def up(state: State) -> None:
    """Start PostgreSQL, Redis and Solr, whichever does not run."""
    debian.ensure(debian.SERVERS)
    for server in (postgres, redis, solr):
        if not process.is_running(server.NAME):
            state.ensure_free_port(server.NAME)
        server.up(state)
        say(f"{server.NAME} listens on port {state.port(server.NAME)}")


def stop(names: tuple[str, ...] = ORDER) -> list[str]:
    """Stop the named servers of this working copy; return those that ran."""
    return [name for name in reversed(ORDER) if name in names and process.stop(name)]


def test_addresses(state: State) -> dict[str, str]:
    """Return the environment that points CKAN at the database and core for tests."""
    return {
        "CKAN_SQLALCHEMY_URL": postgres.url(state, postgres.TEST),
        "CKAN_SOLR_URL": solr.url(state, solr.TEST),
        "CKAN_REDIS_URL": redis.url(state, redis.TEST),
    }
