"""What the figures were taken on."""

import datetime
import os
import platform
import re
import subprocess


def describe(folder, postgres=None):
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        model = re.search(r"model name\s*: (.*)", info.read())
    with open("/proc/meminfo", encoding="ascii") as info:
        memory = int(re.search(r"MemTotal:\s+(\d+)", info.read()).group(1)) / 2**20
    with open("/etc/os-release", encoding="utf-8") as info:
        system = re.search(r'PRETTY_NAME="?([^"\n]*)', info.read()).group(1)
    filesystem = subprocess.run(["df", "--output=fstype", folder], capture_output=True, text=True).stdout.split()[-1]
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": f"{os.cpu_count()} × {model.group(1) if model else platform.machine()}", "memory": f"{memory:.0f} GiB",
        "system": f"{system}, Linux {platform.release()}", "filesystem": filesystem,
        "fsync_per_s": fsyncs(folder), "postgres": postgres and postgres.version, "load": os.getloadavg()[0],
    }


def fsyncs(folder):
    """How many times a second a small write reaches the disk: what a database that keeps its word cannot beat by itself."""
    import time
    path = os.path.join(folder, "fsync")
    with open(path, "wb", buffering=0) as file:
        begin, count = time.monotonic(), 0
        while time.monotonic() - begin < 1:
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            count += 1
    os.remove(path)
    return count
