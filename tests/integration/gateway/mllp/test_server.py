"""The server over real sockets: what senders do, and what others notice of it."""

import asyncio
import base64
import resource
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import count
from socket import SHUT_RDWR, SHUT_WR
from typing import Any

import hl7
import pytest
from hl7.client import MLLPClient
from hl7apy.parser import parse_message

from gateway.intake import Intake
from gateway.mllp import connection
from gateway.mllp.connection import LARGE
from gateway.mllp.framing import Frame
from gateway.mllp.server import LARGE_AT_ONCE, allow_files
from models.db.inbox.inbox import Inbox
from models.errors import DatabaseUnavailable
from tests.integration.gateway.mllp.conftest import PATIENCE_SECONDS, Line, Running, Serve, msa
from tests.integration.worker.processes import eventually
from tests.messages import mdm
from worker.queue import Doorbell
from worker.settings import Settings

MANY = 1000


def note(number: int, text: str = "Fever.", **fields: str) -> bytes:
    return mdm("T02", text, number=f"D{number}", control=f"C{number}", **fields)


def stored(inbox: Inbox) -> int:
    return sum(inbox.counts().values())


class Held(Intake):
    """Stores nothing before it is let go; knows how many messages it was given."""

    def __init__(self, inbox: Inbox, doorbell: Doorbell) -> None:
        super().__init__(inbox, doorbell)
        self.may_go = threading.Event()
        self.given = 0
        self.most_at_once = 0

    def store_messages(self, messages: Any, withdraw: Any) -> Any:
        self.given += len(messages)
        self.most_at_once = max(self.most_at_once, len(messages))
        assert self.may_go.wait(PATIENCE_SECONDS)
        return super().store_messages(messages, withdraw)


@pytest.fixture
def held(inbox: Inbox, settings: Settings) -> Iterator[Held]:
    found = Held(inbox, Doorbell(settings))
    yield found
    found.may_go.set()


def test_a_client_that_nobody_here_wrote(serve: Serve, inbox: Inbox) -> None:
    """python-hl7 sends and understands the answers; hl7apy finds them well formed."""
    with MLLPClient("127.0.0.1", serve().port) as client:
        for number in (1, 2):
            reply = client.send_message(hl7.parse(note(number).decode()))
            answer = reply.decode().strip("\x0b\x1c\r")
            assert msa(answer) == ["AA", f"C{number}"]
            assert parse_message(answer, find_groups=False).msa.msa_1.value == "AA"
    assert stored(inbox) == 2


def test_answers_come_in_the_order_of_the_messages(serve: Serve, inbox: Inbox) -> None:
    """Many at once over one connection: each is answered, after it is committed."""
    with serve().line() as line:
        for start in range(0, 200, 50):
            line.send(*(note(number) for number in range(start, start + 50)))
            for number in range(start, start + 50):
                assert msa(line.answer()) == ["AA", f"C{number}"]
                assert stored(inbox) > number


def test_what_comes_twice_is_stored_once(serve: Serve, inbox: Inbox) -> None:
    """Over one connection and over another one."""
    server = serve()
    for _ in range(2):
        with server.line() as line:
            line.send(note(1), note(1))
            assert [msa(line.answer()) for _ in range(2)] == [["AA", "C1"], ["AA", "C1"]]
    assert stored(inbox) == 1


def test_what_is_refused_does_not_end_the_connection(serve: Serve, inbox: Inbox) -> None:
    """Each of several kinds of trouble is answered in its place."""
    sent = [note(1), b"nonsense", mdm("T01", control="C2"), note(3).replace(b"\r", b"\n"), note(4)]
    with serve().line() as line:
        line.send(*sent)
        found = [msa(line.answer()) for _ in sent]
    assert found == [["AA", "C1"], ["AR", ""], ["AR", "C2"], ["AR", "C3"], ["AA", "C4"]]
    assert stored(inbox) == 2


def test_a_message_that_quotes_a_beginning_is_refused(serve: Serve, inbox: Inbox) -> None:
    """Whose text holds VT and MSH hears that it was not taken in, before what it quotes is."""
    with serve().line() as line:
        line.send(note(1) + b"OBX|2|TX|||It said: \x0b" + note(2), note(3))
        found = [msa(line.answer()) for _ in range(3)]
    assert found == [["AR", "C1"], ["AA", "C2"], ["AA", "C3"]]
    assert stored(inbox) == 2


def test_no_answer_to_who_wants_none(serve: Serve, inbox: Inbox) -> None:
    """It is stored all the same, and the next one is answered."""
    with serve().line() as line:
        line.send(note(1, f15="NE", f16="NE"), note(2))
        assert msa(line.answer()) == ["AA", "C2"]
    assert stored(inbox) == 2


def test_while_the_database_is_away_senders_keep_their_messages(
    serve: Serve, intake: Intake, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They hear AE, and AA when they send again and it is back."""

    def away(*_: object, **__: object) -> object:
        raise DatabaseUnavailable(kind="x")

    with serve(intake).line() as line:
        with monkeypatch.context() as patch:
            patch.setattr(intake, "store_messages", away)
            line.send(note(1), b"nonsense", note(2))
            assert [msa(line.answer())[0] for _ in range(3)] == ["AE", "AR", "AE"]
        assert [msa(line.ask(note(number))) for number in (1, 2)] == [["AA", "C1"], ["AA", "C2"]]
    assert stored(inbox) == 2


def test_a_sender_that_closes_its_side_is_answered(serve: Serve) -> None:
    """Some send one message and say that they are done."""
    with serve().line() as line:
        line.send(note(1))
        line.stream.shutdown(SHUT_WR)
        assert msa(line.answer()) == ["AA", "C1"]
        assert line.answer() == ""


def test_nothing_is_answered_before_it_is_stored(serve: Serve, held: Held, inbox: Inbox) -> None:
    """And ending the server answers what was read before."""
    server = serve(held)
    with server.line() as line:
        line.send(note(1))
        eventually(lambda: held.given == 1, "the message")
        line.stream.settimeout(0.2)
        with pytest.raises(TimeoutError):
            line.answer()
        line.stream.settimeout(PATIENCE_SECONDS)
        ending = threading.Thread(target=server.end)
        ending.start()
        held.may_go.set()
        assert msa(line.answer()) == ["AA", "C1"]
        ending.join()
    assert stored(inbox) == 1


def test_a_database_that_hangs_keeps_only_those_waiting_who_need_it(
    serve: Serve, held: Held
) -> None:
    """While one message is being stored, others come and go and are refused."""
    server = serve(held, mllp_max_bytes=100_000)
    with server.line() as line:
        line.send(note(1))
        eventually(lambda: held.given == 1, "the message")
        with server.line() as other:
            assert msa(other.ask(note(2, "x" * 150_000))) == ["AR", "C2"]
        held.may_go.set()
        assert msa(line.answer()) == ["AA", "C1"]


class Bell(Doorbell):
    """Notes whom it was rung for."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.rung: list[int] = []

    def ring(self, rows: Sequence[int], *, urgent: bool = False) -> int:  # noqa: ARG002
        self.rung += rows
        return 1


def test_each_new_document_is_rung_for_once(serve: Serve, inbox: Inbox, settings: Settings) -> None:
    """Not the one that comes again."""
    bell = Bell(settings)
    with serve(Intake(inbox, bell)).line() as line:
        for one in (note(1), note(1), note(2)):
            line.ask(one)
        eventually(lambda: len(bell.rung) == 2, "two rings")
    rows = inbox.find([str(row) for row in bell.rung])
    assert sorted(bell.rung) == sorted(rows)
    eventually(lambda: inbox.counts()["queued"] == 2, "both noted as rung for")


def test_one_connection_has_so_many_messages_in_hand(serve: Serve, held: Held) -> None:
    """What is more is not read: it waits in the sender, whose bytes go no further."""
    with serve(held, mllp_window=4).line() as line:
        more = [note(number, "x" * 200_000) for number in range(100)]
        sending = threading.Thread(target=refused_in_the_end, args=(line, more))
        sending.start()
        eventually(lambda: held.given, "the first")
        sending.join(0.5)
        assert sending.is_alive()
        line.stream.shutdown(SHUT_RDWR)
        sending.join()


def refused_in_the_end(line: Line, messages: Sequence[bytes]) -> None:
    with suppress(OSError):
        line.send(*messages)


def test_who_does_not_read_the_answers_is_not_read(serve: Serve, held: Held) -> None:
    """The window is of messages, whatever their size."""
    server = serve(held, mllp_window=4)
    with server.line() as line, server.line() as other:
        line.send(*(note(n) for n in range(100)))
        eventually(lambda: held.given, "the first")
        other.send(note(200))
        held.may_go.set()
        assert msa(other.answer()) == ["AA", "C200"]
        assert msa(line.answer()) == ["AA", "C0"]
    assert held.most_at_once <= 2 * (4 + 2)  # two windows, and a message each that waits for room


def test_a_sender_that_gave_up_gets_no_late_answer(serve: Serve, held: Held, inbox: Inbox) -> None:
    """It would take the answer to the first message for that to the second."""
    server = serve(held, mllp_patience_seconds=0.1)
    with server.line() as line:
        line.send(note(1))
        eventually(lambda: held.given == 1, "the message")
        time.sleep(0.2)
        line.send(note(2))
        assert line.answer() == ""
    held.may_go.set()
    with server.line() as line:
        assert [msa(line.ask(note(number))) for number in (1, 2)] == [["AA", "C1"], ["AA", "C2"]]
    assert stored(inbox) == 2


def test_one_large_message(serve: Serve, inbox: Inbox) -> None:
    """Far longer than what a line of asyncio's streams may have."""
    data = note(1, base64.b64encode(bytes(2_000_000)).decode())
    with serve().line() as line:
        assert msa(line.ask(data)) == ["AA", "C1"]
    assert stored(inbox) == 1


def stalled(server: Running, stack: ExitStack) -> Line:
    """Return a connection that stopped in the middle of a large message."""
    line = stack.enter_context(server.line())
    line.stream.sendall(b"\x0bMSH|" + b"z" * 2 * LARGE)
    return line


def test_senders_that_stall_give_their_turns_back(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As soon as all turns for large messages are taken, long before the time of a message ends."""
    monkeypatch.setattr(connection, "TURN_SECONDS", 0.2)
    server = serve(mllp_message_seconds=600)
    with ExitStack() as stack, server.line() as other:
        one = stalled(server, stack)
        one.stream.settimeout(1)
        with pytest.raises(TimeoutError):  # it keeps nobody waiting
            one.answer()
        for _ in range(LARGE_AT_ONCE - 1):
            stalled(server, stack)
        one.stream.settimeout(20)
        assert one.answer() == ""
        assert msa(other.ask(note(1, "x" * 2 * LARGE))) == ["AA", "C1"]


def test_a_message_that_is_too_large(serve: Serve, inbox: Inbox) -> None:
    """Its sender is told whose it is, and may go on."""
    with serve(mllp_max_bytes=100_000).line() as line:
        line.send(note(1, "x" * 150_000), note(2))
        assert [msa(line.answer()) for _ in range(2)] == [["AR", "C1"], ["AA", "C2"]]
    assert stored(inbox) == 1


def test_a_message_that_never_ends(serve: Serve) -> None:
    """It is refused while it still comes, then hung up on; nobody else notices."""
    server = serve(mllp_max_bytes=100_000)
    with server.line() as line, server.line() as other:
        line.stream.sendall(Frame(note(1)).framed[:-2] + b"x" * 150_000)
        assert msa(line.answer()) == ["AR", "C1"]
        assert msa(other.ask(note(2))) == ["AA", "C2"]
        with pytest.raises(ConnectionError):  # noqa: PT012 which of the writes fails is the system's
            for _ in count():
                line.stream.sendall(b"x" * 50_000)
        assert msa(other.ask(note(3))) == ["AA", "C3"]


@pytest.mark.parametrize("sent", [b"", b"\x0bMSH|^~\\&|half of a mess", b"\x0b"])
def test_a_silent_sender_is_hung_up_on(sent: bytes, serve: Serve) -> None:
    """Between messages and within one."""
    with serve(mllp_idle_seconds=0.2, mllp_message_seconds=0.2).line() as line:
        line.stream.sendall(sent)
        assert line.answer() == ""


def test_a_slow_sender_keeps_nobody_waiting(serve: Serve) -> None:
    """A byte now and then is hung up on in the end; others are answered meanwhile."""
    server = serve(mllp_message_seconds=1)
    slow = Frame(note(1)).framed
    with server.line() as line, server.line() as other:
        with pytest.raises(ConnectionError):  # noqa: PT012 which of the writes fails is the system's
            for place in range(len(slow)):
                line.stream.sendall(slow[place : place + 1])
                assert msa(other.ask(note(place + 10))) == ["AA", f"C{place + 10}"]
                time.sleep(0.02)
        assert line.answer() == ""


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01", b"MSH|^~\\&|"])
def test_what_is_not_mllp_is_hung_up_on(sent: bytes, serve: Serve) -> None:
    """At once, so that whoever set it up sees it."""
    with serve().line() as line:
        line.stream.sendall(sent)
        assert line.answer() == ""


def test_what_came_before_it_is_answered(serve: Serve, inbox: Inbox) -> None:
    """A message is not thrown away for what follows it in the same packet."""
    with serve(mllp_max_bytes=10_000).line() as line:
        line.stream.sendall(Frame(note(1)).framed + b"MSH|^~\\&|")
        assert [msa(line.answer()) for _ in range(2)] == [["AA", "C1"], []]
    with serve(mllp_max_bytes=10_000).line() as line:
        line.send(note(2, "x" * 30_000))
        assert [msa(line.answer()) for _ in range(2)] == [["AR", "C2"], []]
    assert stored(inbox) == 1


def test_one_connection_too_many(serve: Serve) -> None:
    """It is closed, and those that are open go on; one that ends makes room."""
    server = serve(mllp_max_connections=2)
    with server.line() as first:
        with server.line() as second:
            assert [msa(one.ask(note(1)))[0] for one in (first, second)] == ["AA", "AA"]
            with server.line() as third:
                assert third.answer() == ""
            assert msa(first.ask(note(2)))[0] == "AA"

        def has_room() -> bool:
            with server.line() as line:
                line.send(note(3))
                return bool(line.answer())

        eventually(has_room, "room for another one")


def test_a_thousand_connections(serve: Serve, inbox: Inbox) -> None:
    """All are held at once, and each is answered."""
    allow_files(3 * MANY)
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 3 * MANY:
        pytest.skip("this system allows too few files for both ends of so many connections")
    port = serve().port

    async def sender(number: int, all_open: asyncio.Event, opened: list[int]) -> list[str]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        opened.append(number)
        if len(opened) == MANY:
            all_open.set()
        await all_open.wait()
        writer.write(Frame(note(number)).framed)
        answer = await reader.readuntil(b"\x1c\r")
        writer.close()
        return msa(answer.decode())

    async def all_of_them() -> list[list[str]]:
        all_open, opened = asyncio.Event(), list[int]()
        return await asyncio.gather(*(sender(n, all_open, opened) for n in range(MANY)))

    found = asyncio.run(all_of_them())
    assert found == [["AA", f"C{number}"] for number in range(MANY)]
    assert stored(inbox) == MANY
