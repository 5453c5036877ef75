import pytest

from tools.stack import process, state


@pytest.fixture
def local(tmp_path, monkeypatch):
    """A working copy's .local that is not this one's."""
    monkeypatch.setattr(process, "RUN", tmp_path / "run")
    monkeypatch.setattr(process, "LOG", tmp_path / "log")
    monkeypatch.setattr(state, "INSTANCE", tmp_path)
    return tmp_path
