"""Encrypted connections, and senders who have to show who they are."""

import ssl
from pathlib import Path

import pytest

from gateway.mllp.server import tls
from models.errors import WrongSettings
from tests.certificates import Authority
from tests.integration.gateway.mllp.conftest import Running, Serve, msa
from tests.messages import mdm
from worker.settings import Settings

NOTE = mdm("T02", "Fever.")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("own"), "authority")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("other"), "stranger")


def client(authority: Authority, certificate: Path | None = None) -> ssl.SSLContext:
    """Return how a sender connects that trusts the authority."""
    context = ssl.create_default_context(cafile=str(authority.file))
    if certificate:
        context.load_cert_chain(certificate)
    return context


def heard(server: Running, context: ssl.SSLContext) -> list[str]:
    """Return what a sender hears; nothing where it is not let in."""
    try:
        with server.line(context) as line:
            return msa(line.ask(NOTE))
    except (ssl.SSLError, ConnectionError):
        return []


def test_an_encrypted_connection(serve: Serve, authority: Authority) -> None:
    """A message goes in and an answer comes out; who does not encrypt is not answered."""
    server = serve(mllp_tls_certificate=authority.signed("server"))
    assert heard(server, client(authority)) == ["AA", "C1"]
    with server.line() as plain:
        assert plain.ask(NOTE) == ""


def test_who_has_no_certificate_is_not_let_in(
    serve: Serve, authority: Authority, stranger: Authority
) -> None:
    """Nor who has one of another authority."""
    server = serve(
        mllp_tls_certificate=authority.signed("server"), mllp_tls_client_ca=authority.file
    )
    assert heard(server, client(authority)) == []
    assert heard(server, client(authority, stranger.signed("sender"))) == []
    assert heard(server, client(authority, authority.signed("sender"))) == ["AA", "C1"]


def test_settings_that_cannot_be_used(
    settings: Settings, authority: Authority, tmp_path: Path
) -> None:
    """A missing or broken file is a clear error, and so is half of what is needed."""
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate")
    wrong = (
        {"mllp_tls_certificate": tmp_path / "none"},
        {"mllp_tls_certificate": broken},
        {"mllp_tls_certificate": authority.signed("server"), "mllp_tls_client_ca": broken},
        {"mllp_tls_client_ca": authority.file},
        {"mllp_tls_key": broken},
    )
    for changes in wrong:
        with pytest.raises(WrongSettings, match="TLS"):
            tls(settings.model_copy(update=changes))
    assert tls(settings) is None
