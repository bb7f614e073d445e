"""Sending a message of HL7 v2 over MLLP, as an integration engine does."""

import socket
import time
from importlib.resources import files
from typing import Final

import httpx

from gateway.demo.processes import START_SECONDS, Process
from gateway.demo.sending import Letter, Sent
from gateway.mllp.framing import END, Frame
from models.errors import DemoFailed

TITLE: Final = "Admission, HL7 v2 message"
FILE: Final = "admission_mdm_t02.hl7"
PATIENT: Final = "Patient/NORTH.demo-hl7"
"""Whom PID-3 of the message names."""

ACCEPTED: Final = b"\rMSA|AA|"
CREATED: Final = 201
_SECONDS: Final = 30


def send_message(client: httpx.Client, port: int, server: Process) -> Sent:
    """Send the sample message to the MLLP server; return which document it became.

    Raises:
        DemoFailed: the server is not there, or did not accept the message.
    """
    raw = (files("gateway.demo") / "notes" / FILE).read_bytes()
    answer = _answer(raw, port, server)
    if ACCEPTED not in answer:
        raise DemoFailed(reason="the MLLP server did not accept the message")
    found = client.get("/fhir/DocumentReference", params={"patient": PATIENT}).raise_for_status()
    document = str(found.json()["entry"][0]["resource"]["id"])
    return Sent(Letter(TITLE, raw), CREATED, document, "")


def _answer(raw: bytes, port: int, server: Process) -> bytes:
    with _connected(port, server) as line:
        line.sendall(Frame(raw).framed)
        answer = b""
        while not answer.endswith(END) and (more := line.recv(4096)):
            answer += more
    return answer


def _connected(port: int, server: Process) -> socket.socket:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        server.require_running()
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=_SECONDS)
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise DemoFailed(reason=f"the MLLP server does not answer\n{server.tail()}")
