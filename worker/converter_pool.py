"""Documents to texts by processes with limits, shared by the threads of a worker."""

from typing import Final, Self

import structlog

from fhir_mapping.documents.formats import dispatch, media_type
from fhir_mapping.documents.formats.converted import Converted
from models.errors import ConversionTimedOut, ConverterDied
from worker.converter_process import ConversionLimits, ConverterProcess

MOST_CONVERSIONS: Final = 1000
"""After so many documents a process is replaced: libraries lose a little memory with each."""


class ConverterPool:
    """Converts in a process that is idle, or in a new one: at most as many as there are threads.

    Starting one takes longer than most conversions. Plain text is decoded here: nothing in it is
    parsed.
    """

    def __init__(self, limits: ConversionLimits) -> None:
        self._limits = limits
        self._idle: list[ConverterProcess] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._idle:
            self._idle.pop().end()

    def convert(
        self, data: bytes, declared: str | None, *, index: int, max_characters: int
    ) -> Converted:
        """Return the text of a document, as `formats.dispatch.convert` does.

        Raises:
            DocumentTooComplex, ConversionTimedOut, ConverterDied, ConversionFailed: it takes too
                much, or brings the converter down.
            ConverterUnavailable: no process can be started.
            BiomedError: what the converter raises.
        """
        said = media_type.content_type(declared)
        if media_type.readable_as(data, said, dispatch.CONVERTERS, index) == media_type.PLAIN:
            return dispatch.convert(data, declared, index=index, max_characters=max_characters)
        process = self._taken()
        used = process.conversions > 0
        try:
            return self._in(process, data, declared, index, max_characters)
        except ConverterDied:
            if not used:
                raise
        # What died may have been worn out by other documents: a new one has to die of this one.
        return self._in(ConverterProcess(self._limits), data, declared, index, max_characters)

    def _in(
        self,
        process: ConverterProcess,
        data: bytes,
        declared: str | None,
        index: int,
        max_characters: int,
    ) -> Converted:
        try:
            return process.convert(data, declared, index=index, max_characters=max_characters)
        except (ConverterDied, ConversionTimedOut) as error:
            structlog.get_logger().warning("converter.ended", code=error.code)
            raise
        finally:
            self._give_back(process)

    def _taken(self) -> ConverterProcess:
        while True:
            try:
                process = self._idle.pop()
            except IndexError:
                return ConverterProcess(self._limits)
            if process.alive:
                return process
            process.end()

    def _give_back(self, process: ConverterProcess) -> None:
        if process.alive and process.conversions < MOST_CONVERSIONS:
            self._idle.append(process)
        else:
            process.end()
