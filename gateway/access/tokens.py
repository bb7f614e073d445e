"""Bearer tokens: JSON Web Tokens (RFC 7519) as SMART Backend Services sign them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt

from gateway.access.key_sets import ALGORITHMS, KeySet
from gateway.access.principal import Principal
from gateway.access.scopes import parsed
from models.audit_events import Agent
from models.errors import Unauthenticated

LEEWAY_SECONDS: Final = 30
"""By how much the clocks of the issuer and of this machine may differ."""

MOST_CHARACTERS: Final = 16 * 1024
_MOST_OF_A_NAME: Final = 200
_REQUIRED: Final = ("iss", "aud", "exp")
_WHY: Final[Mapping[type[jwt.PyJWTError], str]] = {
    jwt.ExpiredSignatureError: "the token has expired",
    jwt.ImmatureSignatureError: "the token is not valid yet",
    jwt.InvalidAudienceError: "the token is for another server",
    jwt.InvalidIssuerError: "the token is of another issuer",
    jwt.MissingRequiredClaimError: "the token lacks iss, aud or exp",
    jwt.InvalidSignatureError: "the signature is not the issuer's",
}


@dataclass(frozen=True, slots=True)
class Tokens:
    """Checks tokens of one issuer for one audience, by the keys of that issuer.

    The header of a token says only which of those keys it is: the algorithm has to be the one of
    that key, and addresses or keys in it (`jku`, `x5u`, `jwk`, `x5c`) are not looked at.
    """

    issuer: str
    audience: str
    keys: KeySet

    def principal(self, token: str) -> Principal:
        """Return whose token it is.

        Raises:
            Unauthenticated: it is none of this issuer for this server and this time.
            KeysUnavailable: the issuer's keys are not to be had.
        """
        algorithm, key = self._key(token)
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self.audience,
                issuer=self.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": list(_REQUIRED)},
            )
        except jwt.PyJWTError as error:
            reason = _WHY.get(type(error), "the token cannot be checked")
            raise Unauthenticated(reason=reason) from None
        except (ValueError, TypeError, RecursionError, OverflowError):
            raise Unauthenticated(reason="the token cannot be read") from None
        return principal(claims)

    def _key(self, token: str) -> tuple[str, Any]:
        if len(token) > MOST_CHARACTERS:
            raise Unauthenticated(reason="the token is too long")
        header = unverified(token)
        algorithm, name = header.get("alg"), header.get("kid")
        if algorithm not in ALGORITHMS.values():
            raise Unauthenticated(reason="the algorithm is neither RS384 nor ES384")
        if "crit" in header or not isinstance(name, str) or len(name) > _MOST_OF_A_NAME:
            raise Unauthenticated(reason="the token names no key")
        key = self.keys.key(name, str(algorithm))
        if key is None:
            raise Unauthenticated(reason="the issuer has no such key")
        return str(algorithm), key


def unverified(token: str) -> Mapping[str, Any]:
    """Return what a token says of itself; it may be anybody's word."""
    try:
        return jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise Unauthenticated(reason="the token cannot be read") from None


def principal(claims: Mapping[str, Any]) -> Principal:
    """Return the client of checked claims, with the scopes that it was granted."""
    scope = claims.get("scope")
    words = scope.split(" ") if isinstance(scope, str) else ()
    names = (claims.get(name) for name in ("client_id", "azp", "sub"))
    name = next((one for one in names if isinstance(one, str) and one), "?")
    agent = Agent("client", name[:_MOST_OF_A_NAME], str(claims["iss"])[:_MOST_OF_A_NAME])
    return Principal(agent, parsed(words))
