"""Who works at the terminal, for the audit log."""

import getpass
import os

from models.audit_events import Agent


def user() -> str:
    """Return the name of the system's user, of one without a name the number."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"uid {os.getuid()}"


def agent() -> Agent:
    """Return who works at the terminal, as the audit log names them."""
    return Agent("user", user())
