"""The code of the error that a request was answered with, handed on to who counts them."""

from typing import Final

from starlette.types import Scope

CODE: Final = "error_code"


def note_error(scope: Scope, code: str) -> None:
    """Note the code of the error that is answered."""
    scope.setdefault("state", {})[CODE] = code


def noted_error(scope: Scope) -> str | None:
    """Return the code of the error that was answered, if one was."""
    code: str | None = scope.get("state", {}).get(CODE)
    return code
