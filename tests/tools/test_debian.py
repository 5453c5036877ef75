import pytest

from tools.stack import debian
from tools.stack.debian import Need
from tools.stack.errors import StackError

MISSING = Need("Something", lambda: False, ("no-such-package-1", "no-such-package-2"))
PRESENT = Need("Something else", lambda: True, ("never-asked-for",))


@pytest.fixture
def runs(monkeypatch):
    """Commands that would have been run; an apt that offers the second package alone."""
    commands = []
    monkeypatch.setattr(debian, "run", lambda command, **_: commands.append(list(command)))
    monkeypatch.setattr(debian.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(debian.os, "geteuid", lambda: 0)
    monkeypatch.setattr(debian, "capture", _policy)
    return commands


def _policy(command, _environment):
    return f"Candidate: {'1.0' if command[-1].endswith('2') else '(none)'}\n"


def test_nothing_is_run_when_all_is_there(runs):
    debian.ensure((PRESENT,))

    assert runs == []


def test_the_offered_package_is_installed_and_looked_for_again(runs):
    with pytest.raises(StackError, match="still not found: Something"):
        debian.ensure((MISSING, PRESENT))

    (install,) = runs
    assert install[:2] == ["env", "DEBIAN_FRONTEND=noninteractive"]
    assert install[-1] == "no-such-package-2"
    assert "never-asked-for" not in install


def test_the_list_of_packages_is_read_when_it_lacks_them_all(runs, monkeypatch):
    monkeypatch.setattr(debian, "capture", lambda *_: "")

    with pytest.raises(StackError):
        debian.ensure((MISSING,))

    assert runs[0][-1] == "update"


def test_without_rights_the_packages_are_named(runs, monkeypatch):
    monkeypatch.setattr(debian.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(debian.shutil, "which", lambda name: None if name == "sudo" else name)

    with pytest.raises(StackError, match="apt-get install no-such-package-1"):
        debian.ensure((MISSING,))

    assert runs == []
