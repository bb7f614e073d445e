"""No message is decompressed: ours never are compressed, and a small one may become a huge one."""

from typing import NoReturn

from kombu import compression
from kombu.exceptions import DecodeError


def refuse_compressed() -> None:
    """Let messages of this process that come compressed be ones that cannot be decoded.

    kombu believes the header `compression` before it looks at the kind of content.
    """
    for kind in compression.encoders():
        compression.register(compression.get_encoder(kind)[0], _refuse, kind)


def _refuse(_: bytes) -> NoReturn:
    raise DecodeError
