"""Who may connect: loopback is open, everything else needs TLS and a token."""

from __future__ import annotations

import hmac
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path

from unity_bridge.errors import OptionError

TOKEN_CHARACTERS = 16
"""The fewest characters of a token."""
TOKEN_BYTES = 1024
"""The most of a token, in UTF-8: it has to fit into a game's hello."""
_STRANGERS = ("no certificate assigned", "key type mismatch", "key values mismatch")
"""What OpenSSL says of a key that is of another kind than its certificate's, or just another."""


class SecurityError(OptionError):
    """What was given to protect a live server is missing or useless."""


@dataclass(frozen=True)
class Security:
    """What protects a live server.

    Raises:
        SecurityError: by ``load``, when files are missing or useless.
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
            SecurityError: when the address needs what is missing, or a file cannot be used.
        """
        if not is_loopback(address) and None in (certificate, key, token_file):
            raise SecurityError(
                f"the live link on {address} can be reached by other machines, so it needs "
                "--tls-cert, --tls-key and --token-file; give all three, or leave --live-host out "
                "to listen on loopback"
            )
        if (certificate is None) != (key is None):
            raise SecurityError("--tls-cert and --tls-key belong together: give both or neither")
        tls = None
        if certificate is not None and key is not None:
            tls = _make_tls(certificate, key)
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


def _make_tls(certificate: Path, key: Path) -> ssl.SSLContext:
    _check_pem(certificate, "--tls-cert", b"CERTIFICATE-----", "certificate")
    _check_pem(key, "--tls-key", b"PRIVATE KEY-----", "private key")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        tls.load_cert_chain(certificate, key, password="")  # or OpenSSL would ask the terminal
    except (OSError, ssl.SSLError) as error:
        reason = (getattr(error, "reason", None) or str(error)).replace("_", " ").lower()
        if reason in _STRANGERS:
            raise SecurityError(
                f"the key {key} is not that of the certificate {certificate}: give --tls-cert and "
                "--tls-key two files that belong together"
            ) from None
        reason = "one of them is damaged" if "pem lib" in reason else reason
        raise SecurityError(
            f"the certificate {certificate} and the key {key} cannot be used ({reason}): give two "
            "PEM files that belong together"
        ) from None
    return tls


def _check_pem(path: Path, option: str, label: bytes, what: str) -> None:
    """Hold that a file has a part of that label; OpenSSL says of one without only "PEM lib"."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SecurityError(
            f"{path} cannot be read ({error.strerror}): give {option} a PEM file that this "
            "user may read"
        ) from None
    if label not in content:
        raise SecurityError(
            f"{path} holds no {what} in PEM form: give {option} the file with the lines "
            f"BEGIN and END {label.decode().rstrip('-')}"
        )
    if option == "--tls-key" and b"ENCRYPTED" in content:
        raise SecurityError(
            f"the private key in {path} has a pass phrase, and a server has nobody to ask for it: "
            f"take it off with `openssl pkey -in {path} -out FILE`"
        )


def read_token(path: Path) -> str:
    """The token in the first line of a file.

    Raises:
        SecurityError: when there is none of enough characters, or it is too long.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            token = file.readline(TOKEN_BYTES + 2).strip()  # a file without an end is a file too
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SecurityError(
            f"the token file {path} cannot be read ({reason}): give --token-file a text file that "
            "this user may read, `openssl rand -hex 32` makes a token"
        ) from None
    if len(token) < TOKEN_CHARACTERS:
        raise SecurityError(
            f"the token in {path} has {len(token)} characters and needs {TOKEN_CHARACTERS}: "
            "make one with `openssl rand -hex 32`"
        )
    if len(token.encode()) > TOKEN_BYTES:
        raise SecurityError(
            f"the token in {path} is longer than {TOKEN_BYTES} bytes, which games cannot say: make "
            "one with `openssl rand -hex 32`"
        )
    return token
