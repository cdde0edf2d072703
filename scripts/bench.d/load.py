"""Load by wrk, with ready requests, so that making them costs nothing while it measures."""

import os
import resource
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def run(server, requests, clients, seconds):
    with tempfile.NamedTemporaryFile(dir=server.folder, suffix=".requests") as file:
        for request in requests:
            file.write(b"%d\n" % len(request) + request)
        file.flush()
        before, cpu = resource.getrusage(resource.RUSAGE_CHILDREN), server.cpu()
        done = subprocess.run(
            ["wrk", "-t", str(min(2, clients)), "-c", str(clients), "-d", f"{seconds}s", "--timeout", "30s", "--latency",
             "-s", os.path.join(HERE, "pick.lua"), f"http://127.0.0.1:{server.port}/", "--", file.name],
            capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    line = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if done.returncode or not line:
        raise SystemExit(f"wrk: {done.stdout}{done.stderr}")
    count, micros, size, refused, broken, late, p50, p99, longest = map(int, line[0].split()[1:])
    took = micros / 1e6
    busy = server.cpu() - cpu
    generator = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {
        "requests": count, "per_second": (count - refused) / took, "bytes_each": size / max(count, 1),
        "p50_ms": p50 / 1000, "p99_ms": p99 / 1000, "max_ms": longest / 1000,
        "refused": refused, "broken": broken + late,
        "generator_cpu": generator / took, "server_cpu": busy / took, "cpu_us_each": busy / max(count, 1) * 1e6,
    }
