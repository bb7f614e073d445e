"""The table of speeds and weights, each row beside its target.

`python -m tests.benchmarks.table [PART...]`; docs/performance.md explains the rows. All is measured
on one core, but for `worker` and `mllp`, whose servers or senders have another.
"""

import argparse
import sys
import time
from collections.abc import Mapping

from tests.benchmarks import (
    conversion_speed,
    footprint,
    forward_speed,
    hardware,
    mllp_speed,
    test_mapping_speed,
    worker_speed,
)
from tests.benchmarks.measuring import Rows, pin

WORKER = "worker"
TWO_CORES = (WORKER, "mllp")

ROWS: Mapping[str, Rows] = {
    WORKER: worker_speed.rows,
    "mllp": mllp_speed.rows,
    "mapping": test_mapping_speed.rows,
    "conversion": conversion_speed.rows,
    "bundled": forward_speed.bundled_rows,
    "deberta": forward_speed.v3_base_rows,
    "long": footprint.long_note_rows,
    "resident": footprint.resident_rows,
    "help": footprint.command_line_rows,
}


def say(line: str) -> None:
    """Print a line as soon as it is known."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Print the parts asked for, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(ROWS))
    parts = parser.parse_args().parts or [*ROWS]
    begun = time.perf_counter()
    for line in hardware.described():
        say(line)
    for part in sorted(parts, key=lambda part: part not in TWO_CORES):
        if part not in TWO_CORES:
            pin()
        for row in ROWS[part]():
            say(str(row))
    say(f"{(time.perf_counter() - begun) / 60:.0f} minutes")


if __name__ == "__main__":
    main()
