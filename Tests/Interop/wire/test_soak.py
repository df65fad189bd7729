"""The short form of `make soak`."""

import os
import pathlib
import random
import sys

import pytest

from conftest import REFERENCE, server_command
from punoswire.processes import ServerProcess

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from soak import soak  # noqa: E402

SECONDS = 20
# In seconds instead of minutes heaps are still finding their size, KiB.
SLACK = 8 * 1024


@pytest.mark.skipif(REFERENCE, reason="grpcio's server need not be steady")
def test_twenty_seconds_of_everything_leave_memory_and_descriptors_as_they_were(certs):
    seed = int(os.environ.get("PUNOS_WIRE_SEED", random.randrange(1 << 32)))
    with ServerProcess(certs, command=server_command()) as process:
        wrong = soak(process, certs, SECONDS, seed, SLACK)
    print(wrong[0])
    assert wrong[1:] == [], wrong
