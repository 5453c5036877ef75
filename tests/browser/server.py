"""A CKAN of its own for the browser, on the test database."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tools.stack.state import HOST, PORTS, is_free

PROJECT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 120
_INI = """
[DEFAULT]
[app:main]
use = config:{project}/test.ini
testing = false
WTF_CSRF_ENABLED = true
ckan.site_url = {url}
ckan.site_title = 政府数据目录
ckan.storage_path = {folder}/storage
ckan.gravatar_default = disabled
ckan.locale_default = zh_Hans_CN
ckan.locale_order = zh_Hans_CN zh_Hant_TW en
ckan.display_timezone = Asia/Shanghai
"""


@contextlib.contextmanager
def running(folder):
    """Serve CKAN as `make demo` does; give its address."""
    port = next(port for port in PORTS if is_free(port))
    url = f"http://{HOST}:{port}"
    ini = folder / "browser.ini"
    ini.write_text(_INI.format(project=PROJECT, url=url, folder=folder), encoding="utf-8")
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [gunicorn, "--bind", f"{HOST}:{port}", "--workers", "1", "--threads", "4"]
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--timeout", "120", "tools.stack.wsgi:application"],
            cwd=PROJECT,
            env={**os.environ, "CKAN_INI": str(ini)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(url, server, log)
            yield url
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait(url, server, log):
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/api/3/action/status_show", timeout=30).close()
            return
        time.sleep(0.2)
    raise AssertionError(f"CKAN does not answer:\n{log.read_text(errors='replace')[-4000:]}")
