"""Our equals of ``mlagents_envs.exception``, for where that is not installed."""

from __future__ import annotations


class UnityException(Exception):
    """Anything that goes wrong with a Unity environment."""


class UnityEnvironmentException(UnityException):
    """The player cannot be started, died, or speaks something else."""


class UnityCommunicationException(UnityException):
    """A message came where none is expected."""


class UnityCommunicatorStoppedException(UnityException):
    """The player has quit by itself."""


class UnityObservationException(UnityException):
    """An observation is malformed or too large."""


class UnityActionException(UnityException):
    """An action does not fit the behaviour."""


class UnityTimeOutException(UnityException):
    """The player did not answer in time."""


class UnitySideChannelException(UnityException):
    """A side channel is used wrongly."""


class UnityWorkerInUseException(UnityException):
    """The port of a worker is taken."""

    MESSAGE_TEMPLATE = (
        "the port of worker {} is taken by another program: close the environment that has it, or "
        "choose another worker_id or base_port"
    )

    def __init__(self, worker_id: int):
        super().__init__(self.MESSAGE_TEMPLATE.format(worker_id))
