import sys

import pytest

from tools.stack import command
from tools.stack.errors import StackError


@pytest.fixture(autouse=True)
def _log(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "LOG", tmp_path)


def test_the_output_of_a_failure_is_shown():
    code = "import sys; print('what went wrong'); sys.exit(3)"

    with pytest.raises(StackError) as error:
        command.run([sys.executable, "-c", code], what="Trying")

    assert "Trying failed (exit code 3)" in str(error.value)
    assert "what went wrong" in str(error.value)


def test_success_says_how_long_it_took(capfd):
    command.run([sys.executable, "-c", "print('chatter')"], what="Trying")

    printed = capfd.readouterr().out
    assert "Trying: 0 s" in printed
    assert "chatter" not in printed


def test_relay_keeps_the_json_at_the_end(capfd):
    code = "print('{first}'); print('second'); print('{\"datasets\": 3}')"

    assert command.relay([sys.executable, "-c", code]) == (0, '{"datasets": 3}')
    assert capfd.readouterr().out == "{first}\nsecond\n"


def test_relay_of_a_program_that_dies_has_no_json():
    assert command.relay([sys.executable, "-c", "print('so far'); exit(2)"]) == (2, "")


def test_capture_raises_on_failure():
    assert command.capture([sys.executable, "-c", "print(1)"]) == "1\n"
    with pytest.raises(StackError, match="bad news"):
        command.capture([sys.executable, "-c", "import sys; sys.exit('bad news')"])
