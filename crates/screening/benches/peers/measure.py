"""Runs a command and says what it took.

    measure.py COMMAND...

Prints what the command prints, and then a line `took WALL CPU PEAK`: seconds, seconds of processor
time (its own and the system's for it), and the most memory it held, in bytes.
"""

import os
import sys
import time

begin = time.monotonic()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
wall = time.monotonic() - begin
print(f"took {wall:.3f} {usage.ru_utime + usage.ru_stime:.3f} {usage.ru_maxrss * 1024}", flush=True)
sys.exit(os.waitstatus_to_exitcode(status))
