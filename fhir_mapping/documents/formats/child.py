"""The process in which documents are converted: `python -m … MEGABYTES`, one request at a time.

It reads requests from standard input and answers on standard output until the input ends. Its
limits are set before the first document is seen: memory, no files written, no core with a note's
text; and for each document its processor time (setrlimit(2)).
"""

import os
import resource
import signal
import sys
from typing import BinaryIO, Final

from fhir_mapping.documents.formats import dispatch, wire
from fhir_mapping.documents.formats.converted import Converted
from fhir_mapping.documents.formats.wire import Request
from models.errors import BiomedError, ConversionFailed, DocumentTooComplex

MEGABYTE: Final = 1024 * 1024
MOST_FILES: Final = 32


def main() -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it by ending its input
    answers = _answers()
    _limit(int(sys.argv[1]) * MEGABYTE)
    while (request := _next(sys.stdin.buffer)) is not None:
        found = _converted(request)
        answers.write(wire.frame(wire.written_answer(found)))
        answers.flush()
        if isinstance(found, DocumentTooComplex):
            return  # the next document gets all the memory there is


def _answers() -> BinaryIO:
    """Return standard output, to which then no library can write."""
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return own


def _limit(memory: int) -> None:
    """Set the limits that hold for all documents."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))


def _limit_time(seconds: float) -> None:
    """Let the kernel end the process when it computes for so many seconds more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + seconds) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


def _next(requests: BinaryIO) -> Request | None:
    said = _frame(requests)
    return None if said is None else wire.read_request(said, _frame(requests) or b"")


def _frame(stream: BinaryIO) -> bytes | None:
    length = stream.read(wire.LENGTH)
    if len(length) < wire.LENGTH:
        return None
    return stream.read(int.from_bytes(length))


def _converted(request: Request) -> Converted | BiomedError:
    """Return what a conversion gives, or its error; of a foreign one only its kind."""
    _limit_time(request.seconds)
    index = request.place
    try:
        return dispatch.convert(
            request.data, request.declared, index=index, max_characters=request.max_characters
        )
    except BiomedError as error:
        return error
    except MemoryError:
        return DocumentTooComplex(index=index, what="memory")
    except RecursionError:
        return DocumentTooComplex(index=index, what="parts in one another")
    except Exception as error:  # noqa: BLE001 whatever a library raises
        return ConversionFailed(index=index, kind=type(error).__name__)


if __name__ == "__main__":
    main()
