"""Log lines as JSON: the fields, and what never stands in them. Needs no CKAN."""

import json
import logging
import logging.config
import threading

import pytest

from ckanext.cn_govdata.harvest import logs

INI = """
[loggers]
keys = root
[handlers]
keys = file
[formatters]
keys = json
[logger_root]
level = INFO
handlers = file
[handler_file]
class = FileHandler
args = ({path!r}, "w", "utf-8")
formatter = json
[formatter_json]
class = ckanext.cn_govdata.harvest.logs.JsonFormatter
"""


def line(message, *args, exc_info=None, **extra):
    log = logging.getLogger("ckanext.cn_govdata.store.writer")
    record = log.makeRecord(log.name, logging.WARNING, "f", 1, message, args, exc_info, extra=extra)
    text = logs.JsonFormatter().format(record)
    assert "\n" not in text
    return json.loads(text)


def test_a_line_has_time_level_logger_and_message():
    found = line("第 %d 页\n完", 3)
    assert found["message"] == "第 3 页\n完"
    assert (found["level"], found["logger"]) == ("WARNING", "ckanext.cn_govdata.store.writer")
    assert found["time"].endswith("+00:00")
    assert not {"source", "job", "record"} & found.keys()


def test_fields_come_from_what_the_thread_does_and_from_the_line():
    with logs.about(source="451300", job="j1"):
        assert {"source": "451300", "job": "j1"}.items() <= line("x").items()
        with logs.about(record="r1"):
            assert line("x")["record"] == "r1"
            assert line("x", record="r2")["record"] == "r2"
        assert "record" not in line("x")
    assert "job" not in line("x")


def test_threads_do_not_mix():
    barrier, found = threading.Barrier(4), {}

    def work(name):
        with logs.about(source=name, job=f"job-{name}"):
            barrier.wait()
            found[name] = line("x")

    threads = [threading.Thread(target=work, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: one["job"] for name, one in found.items()} == {
        str(n): f"job-{n}" for n in range(4)
    }


@pytest.mark.parametrize(
    ("message", "secret"),
    [
        ("GET http://data.example.cn/api?token=abc123&x=1 failed", "abc123"),
        ("proxy http://user:hunter2@proxy.example.cn:3128 is away", "hunter2"),
        ("headers {'Authorization': 'Bearer abc123'}", "abc123"),
        ("password=hunter2", "hunter2"),
        ("联系人：张三 13812345678", "13812345678"),
        ("身份证 110101199003078515", "110101199003078515"),
        ("INSERT INTO x\n[SQL: INSERT]\n[parameters: {'a': 'hunter2'}]\n(Background)", "hunter2"),
    ],
)
def test_secrets_and_personal_data_are_left_out(message, secret):
    assert secret not in json.dumps(line(message), ensure_ascii=False)
    with pytest.raises(LookupError) as caught:
        raise LookupError(message)
    error = caught.value
    found = line("failed", exc_info=(type(error), error, error.__traceback__))
    assert "Traceback" in found["exception"]
    assert secret not in found["exception"]


def test_any_text_makes_a_line():
    assert line("%s", "\ud800 \x00 " + "x" * 100_000)["message"].startswith("?")
    assert len(line("x" * 100_000)["message"]) <= 8000


def test_a_plain_format_can_name_the_fields():
    form = logs.TextFormatter("%(source)s|%(job)s|%(record)s|%(message)s")
    record = logging.makeLogRecord({"msg": "x"})
    assert form.format(record) == "-|-|-|x"
    with logs.about(source="451300", job="j"):
        record = logging.makeLogRecord({"msg": "x", "record": "r"})
        assert form.format(record) == "451300|j|r|x"


def test_an_ini_file_can_name_the_formatter(tmp_path):
    path, ini = tmp_path / "log", tmp_path / "x.ini"
    ini.write_text(INI.format(path=str(path)), encoding="utf-8")
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        logging.config.fileConfig(ini, disable_existing_loggers=False)
        with logs.about(source="451300", job="j"):
            logging.getLogger("a").info("第一页")
    finally:
        for handler in set(root.handlers) - set(before):
            handler.close()
        root.handlers, root.level = before, level
    assert json.loads(path.read_text("utf-8"))["source"] == "451300"
