"""Reading the body of a request, and no more of it than allowed."""

from fastapi import Request

from models.errors import InputTooLarge


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body; stop reading where it grows beyond `limit` bytes, whatever its header says.

    Raises:
        InputTooLarge: the body is, or says it is, larger.
    """
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > limit:
        raise InputTooLarge(limit=limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise InputTooLarge(limit=limit)
    return bytes(body)
