"""The worker processes of a run, and what the processes of the machine use."""

import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

COMMAND = ("cn-govdata", "harvest", "worker")
_TICKS = os.sysconf("SC_CLK_TCK")
_SAMPLE_SECONDS = 2.0
_STOP_SECONDS = 60


class Workers:
    """Running workers; their resident memory is sampled as long as they run."""

    def __init__(self, processes):
        self.processes = processes
        self.samples = {process.pid: [] for process in processes}  # (moment, megabytes)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def _sample(self):
        while not self._over.wait(_SAMPLE_SECONDS):
            for process in self.processes:
                if process.poll() is None:
                    megabytes = resident_mb(process.pid)
                    self.samples[process.pid].append((time.monotonic(), megabytes))

    def check(self):
        """Raise when a worker has ended."""
        for process in self.processes:
            if process.poll() is not None:
                raise RuntimeError(f"A worker ended with {process.returncode}: see its log")

    def peaks(self):
        """The highest resident memory of each worker so far, in MB."""
        return [resident_mb(process.pid, "VmHWM") for process in self.processes]

    def quarters(self, begin, end):
        """The highest resident memory of any worker in each quarter of a span of time, in MB."""
        found = []
        for quarter in range(4):
            first = begin + (end - begin) * quarter / 4
            last = begin + (end - begin) * (quarter + 1) / 4
            seen = [
                megabytes
                for samples in self.samples.values()
                for moment, megabytes in samples
                if first <= moment <= last
            ]
            found.append(max(seen, default=0))
        return found

    def stop(self):
        """End the workers as a service manager would."""
        self._over.set()
        self._thread.join()
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def workers(number, ini, log_directory):
    """Start workers; they are ended with the context."""
    program = Path(sys.executable).with_name("ckan")
    with ExitStack() as logs:
        started = []
        for each in range(1, number + 1):
            log = logs.enter_context((log_directory / f"national-worker-{each}.log").open("w"))
            command = [program, "-c", ini, *COMMAND]
            started.append(subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT))
        running = Workers(started)
        try:
            yield running
        finally:
            running.stop()


def resident_mb(pid, what="VmRSS"):
    """Resident memory of a process in MB, 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = (line.split()[1] for line in lines if line.startswith(f"{what}:"))
    return int(next(found, 0)) // 1024


def cpu_seconds(roots):
    """Processor seconds of each named process with all that it started, by name."""
    parents, own = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        fields = text.rpartition(")")[2].split()
        pid = int(path.parent.name)
        parents[pid] = int(fields[1])
        own[pid] = sum(int(each) for each in fields[11:15]) / _TICKS
    found = dict.fromkeys(roots, 0.0)
    for pid, seconds in own.items():
        above = pid
        while above > 1:
            for name, root in roots.items():
                if above in root:
                    found[name] += seconds
            above = parents.get(above, 0)
    return found
