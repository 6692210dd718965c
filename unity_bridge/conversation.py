"""A synchronous conversation with one player: handshake, exchanges, and what goes wrong in them."""

from __future__ import annotations

import logging
import weakref
from collections.abc import Sequence
from typing import NoReturn

from google.protobuf.message import DecodeError

from unity_bridge.codec import Layout
from unity_bridge.errors import BridgeError
from unity_bridge.launch import Player
from unity_bridge.llapi import (
    UnityCommunicatorStoppedException,
    UnityEnvironmentException,
    UnityException,
    UnityObservationException,
    UnityTimeOutException,
)
from unity_bridge.player_link import (
    LineLostError,
    PlayerLink,
    PlayerQuitError,
    PlayerSilentError,
    check_status,
)
from unity_bridge.protocol import API_VERSION, PACKAGE_VERSION, messages
from unity_bridge.session import all_capabilities, make_reply
from unity_bridge.steps import find_largest_observation

WARNING_SECONDS = 5.0
"""A player that has not answered for so long is named in the log."""
KILL_SECONDS = 2.0
"""So long a player that has failed may take to end by itself."""
_FIRST_CHW_PACKAGE = 3
"""Since this major version of com.unity.ml-agents images are channels first."""

_log = logging.getLogger("unity_bridge.environment")


class Conversation:
    """What is said between one player and ``UnityEnvironment``.

    Whatever goes wrong ends it: the player is told, then killed if it is ours, and the exception
    says why, with the end of the player's log.

    Args:
        address: address to listen at.
        port: port to listen at.
        timeout_wait: seconds that the player may take for each message.
        max_message_bytes: the most that one of its messages may hold.

    Raises:
        PortTakenError: when another program has the port.
    """

    def __init__(self, address: str, port: int, *, timeout_wait: float, max_message_bytes: int):
        self.layout: Layout = "CHW"
        """Order of images' shapes where a shape fits both; known after the handshake."""
        self._timeout_wait = timeout_wait
        self._max_message_bytes = max_message_bytes
        self._player: Player | None = None
        self._link = PlayerLink(address, port)
        self._release = weakref.finalize(self, _end, self._link, None, KILL_SECONDS)

    @property
    def closed(self) -> bool:
        """True once it has ended."""
        return not self._release.alive

    def launch(self, file_name: str, arguments: Sequence[str]) -> None:
        """Start the player.

        Raises:
            UnityEnvironmentException: when that cannot be.
        """
        try:
            self._player = Player(file_name, arguments)
        except BridgeError as error:
            self.close()
            raise UnityEnvironmentException(str(error)) from None
        self._release.detach()
        self._release = weakref.finalize(self, _end, self._link, self._player, KILL_SECONDS)

    def shake_hands(self, seed: int, num_areas: int) -> messages.UnityRLInitializationOutputProto:
        """Wait for the player, greet it, and wait until it is ready for ``exchange``."""
        greeting = self._receive().unity_output.rl_initialization_output
        if not greeting.communication_version:
            self.fail(UnityEnvironmentException, "it did not begin with ML-Agents' handshake")
        if greeting.communication_version.split(".")[0] != API_VERSION.split(".")[0]:
            self.fail(
                UnityEnvironmentException,
                f"its communication API version is {greeting.communication_version} (package "
                f"{greeting.package_version or 'unknown'}) and ours {API_VERSION}; build it with "
                "com.unity.ml-agents 2.0 or newer",
            )
        major = greeting.package_version.split(".")[0]
        if major.isdigit() and int(major) < _FIRST_CHW_PACKAGE:
            self.layout = "HWC"
        if not greeting.capabilities.baseRLCapabilities:
            _log.warning(
                "the player (package %s) lacks the base capabilities: use com.unity.ml-agents 2.0 "
                "or newer", greeting.package_version or "unknown",
            )  # fmt: skip
        reply = make_reply()
        reply.unity_input.rl_initialization_input.CopyFrom(
            messages.UnityRLInitializationInputProto(
                seed=seed,
                communication_version=API_VERSION,
                package_version=PACKAGE_VERSION,
                capabilities=all_capabilities(),
                num_areas=num_areas,
            )
        )
        self._link.answer(reply)
        self._receive()
        return greeting

    def exchange(self, reply: messages.UnityMessageProto) -> messages.UnityOutputProto:
        """Answer the player's last message and wait for its next.

        Raises:
            UnityEnvironmentException: when it died, or speaks something else.
            UnityCommunicatorStoppedException: when it quit by itself or vanished.
            UnityTimeOutException: when it does not answer in time.
            UnityObservationException: when its message is over the limit.
        """
        self._link.answer(reply)
        return self._receive().unity_output

    def fail(self, kind: type[UnityException], what: str) -> NoReturn:
        """End the conversation and raise, with the end of the player's log."""
        self._link.close(what)
        self._end(KILL_SECONDS)
        raise kind(f"The Unity player is let go: {what}.{self._tail()}") from None

    def close(self) -> None:
        """Tell the player to quit and wait for it, at most ``timeout_wait``; safe to call twice."""
        self._end(self._timeout_wait)

    def _end(self, seconds: float) -> None:
        if self._release.detach():
            _end(self._link, self._player, seconds)

    def _receive(self) -> messages.UnityMessageProto:
        try:
            data = self._receive_bytes()
            message = messages.UnityMessageProto.FromString(data)
            check_status(message)
        except _DeadError as error:
            self.fail(UnityEnvironmentException, str(error))
        except PlayerSilentError as error:
            self.fail(UnityTimeOutException, f"{error}: {self._why_silent()}")
        except LineLostError as error:
            dead = self._player.wait(KILL_SECONDS) if self._player is not None else None
            if dead is not None:
                self.fail(UnityEnvironmentException, dead)
            self.fail(UnityCommunicatorStoppedException, str(error))
        except PlayerQuitError as error:
            self.fail(UnityCommunicatorStoppedException, str(error))
        except DecodeError:
            self.fail(UnityEnvironmentException, "its bytes are not an ML-Agents message")
        except BridgeError as error:
            self.fail(UnityEnvironmentException, str(error))
        except KeyboardInterrupt:
            self._end(KILL_SECONDS)
            raise
        if len(data) > self._max_message_bytes:
            self.fail(UnityObservationException, self._why_too_large(len(data), message))
        return message

    def _receive_bytes(self) -> bytes:
        warned = False

        def watch(waited: float) -> None:
            nonlocal warned
            dead = self._player.why_dead() if self._player is not None else None
            if dead is not None:
                raise _DeadError(dead)
            if waited >= WARNING_SECONDS and not warned:
                warned = True
                why = self._why_silent()
                _log.warning(
                    "the Unity player has said nothing for %.0f s: %s.%s", waited, why, self._tail()
                )

        return self._link.receive(self._timeout_wait, watch)

    def _tail(self) -> str:
        return f"\n{self._player.tail()}" if self._player is not None else ""

    def _why_too_large(self, size: int, message: messages.UnityMessageProto) -> str:
        most = find_largest_observation(message)
        of_it = f"{len(message.unity_output.rl_output.side_channel)} bytes on side channels"
        if most is not None:
            of_it = (
                f"observation '{most.name}' of {most.agents} agents of behavior {most.behavior}, "
                f"{most.size} bytes"
            )
        return (
            f"its message of {size} bytes is over the limit of {self._max_message_bytes} bytes, "
            f"and most of it is {of_it}; send less or raise max_message_bytes"
        )

    def _why_silent(self) -> str:
        if self._link.connected:
            if self._player is not None and self._player.is_stopped():
                return "its process is stopped (Ctrl-Z or a debugger): kill -CONT lets it go on"
            return "it hangs, or needs a longer timeout_wait"
        if self._player is None:
            return (
                f"nobody connected to port {self._link.port}; press Play in the Unity editor, and "
                'see that an agent\'s Behavior Type is "Default"'
            )
        return (
            f"its process runs and did not connect to port {self._link.port}; without a display "
            "give no_graphics=True, and see that its scene has an agent whose Behavior Type is "
            '"Default"'
        )


def _end(link: PlayerLink, player: Player | None, seconds: float) -> None:
    link.close()
    if player is not None:
        player.stop(seconds)


class _DeadError(BridgeError):
    """The player's process has ended."""
