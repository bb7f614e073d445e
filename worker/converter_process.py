"""A process that converts documents: started, asked, watched, ended when it takes too long."""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from fhir_mapping.documents.formats import wire
from fhir_mapping.documents.formats.converted import Converted
from fhir_mapping.documents.formats.wire import Request
from models.errors import (
    ConversionTimedOut,
    ConverterDied,
    ConverterUnavailable,
    DocumentTooComplex,
)

MODULE: Final = "fhir_mapping.documents.formats.child"
PATIENCE: Final = 3
"""Times its processor seconds for which an answer is waited for: the machine may be busy."""

BYTES_OF_A_CHARACTER: Final = 12
OVERHEAD: Final = 64 * 1024 * 1024
"""Largest answer: so many bytes for each character that may be read, and these for its places."""

_CHUNK: Final = 1 << 16


class ConversionLimits(NamedTuple):
    """What converting one document may take."""

    seconds: float
    megabytes: int


class ConverterProcess:
    """A process that knows nothing of this one: none of its environment, files or memory.

    `command` is what to start instead, for tests.

    Raises:
        ConverterUnavailable: it cannot be started.
    """

    def __init__(self, limits: ConversionLimits, command: Sequence[str] = ()) -> None:
        self.conversions = 0
        self._limits = limits
        own = [sys.executable, "-I", "-m", MODULE, str(limits.megabytes)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 this very interpreter
                command or own,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                cwd="/",
            )
        except OSError as error:
            raise ConverterUnavailable(kind=type(error).__name__) from None
        self._input, self._output = self._pipes()

    @property
    def alive(self) -> bool:
        """Whether it can be asked again."""
        return self._process.poll() is None

    def convert(
        self, data: bytes, declared: str | None, *, index: int, max_characters: int
    ) -> Converted:
        """Return the text of a document.

        Raises:
            ConversionTimedOut: it did not answer in time, and was ended.
            DocumentTooComplex: it ran out of processor time.
            ConverterDied: it died, or what it answered is no answer.
            BiomedError: what the converter raised.
        """
        self.conversions += 1
        seconds = self._limits.seconds
        request = Request(data, declared, index, max_characters, seconds)
        most = max_characters * BYTES_OF_A_CHARACTER + OVERHEAD
        try:
            content = self._exchange(wire.written_request(request), seconds * PATIENCE, most)
        except TimeoutError:
            self.end()
            raise ConversionTimedOut(index=index, seconds=seconds * PATIENCE) from None
        except OSError:
            raise self._death(index) from None
        try:
            return wire.read_answer(content)
        except (ValueError, TypeError, KeyError, IndexError):
            self.end()
            raise ConverterDied(index=index, how="it gave no answer") from None

    def end(self) -> None:
        """End it, and wait for it to be gone."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.communicate()

    def _pipes(self) -> tuple[int, int]:
        assert self._process.stdin is not None  # noqa: S101 both are pipes
        assert self._process.stdout is not None  # noqa: S101 as above
        files = self._process.stdin.fileno(), self._process.stdout.fileno()
        for file in files:
            os.set_blocking(file, False)
        return files

    def _exchange(self, request: bytes, seconds: float, most: int) -> bytes:
        """Send a request and return the content of the answer.

        Raises:
            TimeoutError: it takes longer.
            OSError: the process is gone, or its answer is larger than `most` bytes.
        """
        until = time.monotonic() + seconds
        to_send, answer = memoryview(request), bytearray()
        with selectors.DefaultSelector() as ready:
            ready.register(self._input, selectors.EVENT_WRITE)
            ready.register(self._output, selectors.EVENT_READ)
            while not _is_whole(answer, most):
                events = ready.select(max(until - time.monotonic(), 0))
                if not events:
                    raise TimeoutError
                for key, _ in events:
                    if key.fd == self._output:
                        answer += _read(self._output)
                    else:
                        to_send = to_send[os.write(self._input, to_send[:_CHUNK]) :]
                        if not to_send:
                            ready.unregister(self._input)
        return bytes(answer[wire.LENGTH :])

    def _death(self, index: int) -> ConverterDied | DocumentTooComplex:
        self.end()
        code = self._process.returncode
        if code == -signal.SIGXCPU:
            return DocumentTooComplex(index=index, what="processor time")
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return ConverterDied(index=index, how=how)


def _read(file: int) -> bytes:
    came = os.read(file, _CHUNK)
    if not came:
        raise ConnectionResetError
    return came


def _is_whole(answer: bytearray, most: int) -> bool:
    if len(answer) < wire.LENGTH:
        return False
    length = int.from_bytes(answer[: wire.LENGTH])
    if length > most:
        raise ConnectionAbortedError
    return len(answer) >= wire.LENGTH + length
