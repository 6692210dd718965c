"""Games on the live link as processes, and certificates for their servers."""

import json
import os
import re
import signal
import subprocess
import threading
import time

from agent.report.processes import Child
from tests.unity_package.build import HERE, build_game


class Game:
    """A game as a process that takes commands, for ``with``.

    What it says is kept with the time at which it did, Unity's log too.
    """

    def __init__(self, words):
        self.process = subprocess.Popen(
            list(map(str, words)), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, bufsize=1,
        )  # fmt: skip
        assert self.process.stdin is not None and self.process.stdout is not None
        self._input, self._output = self.process.stdin, self.process.stdout
        self.lines: list[tuple[float, str]] = []
        self._read = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.kill()
        self.process.wait()
        self._thread.join()
        self._input.close()
        self._output.close()

    def _listen(self):
        for line in self._output:
            self.lines.append((time.monotonic(), line.rstrip("\n")))

    def wait_for(self, beginning, seconds=10.0):
        """The rest of the next line that begins so, and when it came."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            while self._read < len(self.lines):
                when, line = self.lines[self._read]
                self._read += 1
                if line.startswith(beginning + ": "):
                    return line.split(": ", 1)[1], when
            time.sleep(0.01)
        raise AssertionError(f"no '{beginning}' in {seconds} s: {self.lines}")

    def tell(self, command):
        self._input.write(command + "\n")

    def quit(self):
        """End it; its lines "name: value", of lines of one name the last."""
        self.tell("quit")
        assert self.process.wait(10) == 0
        self._thread.join()
        return dict(
            re.findall(r"^([\w ']+): (.*)$", "\n".join(line for _, line in self.lines), re.M)
        )


def make_certificate(folder):
    """A certificate for localhost that signs itself, its key, and its fingerprint."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out",
         certificate, "-days", "1", "-subj", "/CN=localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    shown = subprocess.run(
        ["openssl", "x509", "-in", certificate, "-noout", "-fingerprint", "-sha256"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return certificate, key, shown.stdout.strip().split("=")[1]


class RoomsGame(Game):
    """The rooms over the live link, in real time: ``LiveGame.cs``; its own faults are errors."""

    def __init__(self, port, *arguments):
        program = build_game("3.0.0", HERE / "games" / "rooms")
        super().__init__(["mono", "--debug", program, "--live-port", port, *arguments])

    def obey(self, command):
        """Give it a command and wait until it has done so."""
        self.tell(command)
        assert self.wait_for("done")[0] == command

    def state(self, npc="Ada"):
        """How an NPC does."""
        self.tell(f"tell {npc}")
        return json.loads(self.wait_for("state")[0])

    def until(self, condition, npc="Ada", seconds=20.0):
        """The first state of an NPC that a condition holds of."""
        deadline = time.monotonic() + seconds
        while not condition(state := self.state(npc)):
            assert time.monotonic() < deadline, f"not in {seconds} s: {state}"
            time.sleep(0.1)
        return state

    def believes(self, npc, thing, place):
        """Whether its mind shows that a thing is in a place; the server must record."""
        state = self.state(npc)
        slots = state["slots"]
        belief = {slot: where for slot, where, _ in (state["mind"] or {}).get("belief", [])}
        return thing in slots and belief.get(slots[thing]) == slots[place]

    def leave(self, errors=0):
        """Quit; nothing was wrong, and no thread is left."""
        said = self.quit()
        shown = "\n".join(line for _, line in self.lines[-60:])
        assert int(said["errors"]) == errors, shown
        assert said["violations"] == said["threads"] == "0", shown
        return said


class Serve(Child):
    """`heedful serve` with the shipped brain and a live link, for ``with``."""

    def __init__(self, *arguments, port=0):
        words = ["serve", "--port", "0", "--live-port", str(port), *map(str, arguments)]
        super().__init__("heedful serve", "agent.cli", words)
        line = self.wait_for_line("live link at", 240.0)
        self.listening = time.monotonic()
        self.port = int(line.rpartition(":")[2])

    def __enter__(self):
        return self

    def kill(self):
        """End it without a word."""
        os.kill(self.pid, signal.SIGKILL)
        self._process.wait()
