"""A compressed message is one that cannot be decoded, and costs no memory."""

import zlib
from collections.abc import Iterator

import pytest
from kombu import compression
from kombu.exceptions import DecodeError
from kombu.message import Message

from worker.uncompressed import refuse_compressed


@pytest.fixture(autouse=True)
def _refused() -> Iterator[None]:
    before = {
        kind: (compression.get_encoder(kind)[0], compression.get_decoder(kind))
        for kind in compression.encoders()
    }
    refuse_compressed()
    yield
    for kind, (encoder, decoder) in before.items():
        compression.register(encoder, decoder, kind)


@pytest.mark.parametrize("kind", ["gzip", "zlib", "bzip2", *compression.encoders()])
def test_no_way_of_compressing_is_believed(kind: str) -> None:
    """By its name and by its alias; the body stays as it came."""
    sent = zlib.compress(b"[[], {}, {}]")
    message = Message(
        body=sent,
        content_type="application/json",
        content_encoding="utf-8",
        headers={"compression": kind},
        accept=["application/json"],
    )
    assert message.body == sent
    with pytest.raises(DecodeError):
        message.decode()
