"""Who may connect: loopback is open, everything else needs TLS and a token."""

from __future__ import annotations

import hmac
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from unity_bridge.errors import BridgeError

TOKEN_CHARACTERS = 16
"""The fewest characters of a token."""


@dataclass(frozen=True)
class Security:
    """What protects a live server.

    Raises:
        BridgeError: by ``load``, when files are missing or useless.
    """

    tls: ssl.SSLContext | None = None
    token: str | None = None

    @staticmethod
    def load(
        address: str, certificate: Path | None, key: Path | None, token_file: Path | None
    ) -> Security:
        """Read what protects a server that listens at an address.

        Args:
            address: where it will listen.
            certificate: PEM file with the server's certificate, and those between it and its root.
            key: PEM file with its private key.
            token_file: text file whose first line every game must say.

        Raises:
            BridgeError: when the address needs what is missing, or a file cannot be used.
        """
        if not is_loopback(address) and None in (certificate, key, token_file):
            raise BridgeError(
                f"the live link on {address} can be reached by other machines, so it needs "
                "--tls-cert, --tls-key and --token-file; give all three, or leave --live-host out "
                "to listen on loopback"
            )
        if (certificate is None) != (key is None):
            raise BridgeError("--tls-cert and --tls-key belong together: give both or neither")
        tls = None
        if certificate is not None and key is not None:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.minimum_version = ssl.TLSVersion.TLSv1_2
            try:
                tls.load_cert_chain(certificate, key)
            except (OSError, ssl.SSLError) as error:
                raise BridgeError(
                    f"the certificate {certificate} and the key {key} cannot be used ({error}): "
                    "give two PEM files that belong together"
                ) from None
        return Security(tls, read_token(token_file) if token_file is not None else None)

    def admits(self, token: str) -> bool:
        """Is this the token? Takes as long for any that has its length."""
        if self.token is None:
            return True
        return hmac.compare_digest(token.encode(), self.token.encode())


def is_loopback(address: str) -> bool:
    """Can only this machine reach an address?"""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def read_token(path: Path) -> str:
    """The token in the first line of a file.

    Raises:
        BridgeError: when there is none of enough characters.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BridgeError(f"the token file {path} cannot be read ({error})") from None
    token = lines[0].strip() if lines else ""
    if len(token) < TOKEN_CHARACTERS:
        raise BridgeError(
            f"the token in {path} has {len(token)} characters and needs {TOKEN_CHARACTERS}: "
            "make one with `openssl rand -hex 32`"
        )
    return token
