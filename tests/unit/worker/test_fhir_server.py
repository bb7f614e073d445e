"""A token goes to the other server only where nobody on the way can read it."""

import pytest
from pydantic import SecretStr

from models.errors import WrongSettings
from worker.fhir_server import FhirServer
from worker.settings import Settings

TOKEN = SecretStr("once-upon-a-time")


@pytest.mark.parametrize(
    "address",
    [
        "http://ehr.example.org/fhir",
        "http://10.0.0.7/fhir",
        "http://[fd00::1]:8080",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
    ],
)
def test_a_token_is_not_sent_in_clear(address: str) -> None:
    """The deliverer does not start, and the sentence does not hold the token."""
    with pytest.raises(WrongSettings, match="https only") as caught:
        FhirServer(Settings(deliver_url=address, deliver_token=TOKEN))
    assert TOKEN.get_secret_value() not in str(caught.value)
    FhirServer(Settings(deliver_url=address)).close()


@pytest.mark.parametrize(
    "address",
    ["https://ehr.example.org", "http://localhost:8080", "http://127.0.0.1:1", "http://[::1]/fhir"],
)
def test_a_token_is_sent_over_https_and_to_this_machine(address: str) -> None:
    """Loopback never leaves the machine."""
    FhirServer(Settings(deliver_url=address, deliver_token=TOKEN)).close()
