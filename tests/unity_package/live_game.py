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


def make_certificate(folder, name="localhost", days=1):
    """A certificate that signs itself, its key, and its fingerprint.

    Args:
        folder: where its two files go.
        name: for which host it is.
        days: until it ends; it ended that long ago when negative.
    """
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    request = folder / "request.pem"
    names = folder / "names.cnf"
    names.write_text(f"subjectAltName=DNS:{name}\nbasicConstraints=critical,CA:TRUE\n")
    _openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request,
             "-subj", f"/CN={name}")  # fmt: skip
    _openssl("x509", "-req", "-in", request, "-signkey", key, "-out", certificate,
             "-days", days, "-extfile", names)  # fmt: skip
    shown = _openssl("x509", "-in", certificate, "-noout", "-fingerprint", "-sha256")
    return certificate, key, shown.strip().split("=")[1]


def trust_certificate(certificate, home):
    """Let games whose ``XDG_CONFIG_HOME`` is ``home`` trust a certificate, as a system's do."""
    subprocess.run(
        ["cert-sync", "--user", certificate], check=True, capture_output=True,
        env={**os.environ, "XDG_CONFIG_HOME": str(home)},
    )  # fmt: skip


def _openssl(*words):
    done = subprocess.run(
        ["openssl", *map(str, words)], check=True, capture_output=True, text=True
    )  # fmt: skip
    return done.stdout


class RoomsGame(Game):
    """The rooms over the live link, in real time: ``LiveGame.cs``; its own faults are errors.

    The environment's ``LIVE_GAME_PREFIX`` stands before its command: ``chrt -f 5`` measures it
    without the machine's other work.
    """

    def __init__(self, port, *arguments):
        program = build_game("3.0.0", HERE / "games" / "rooms")
        first = os.environ.get("LIVE_GAME_PREFIX", "").split()
        super().__init__([*first, "mono", "--debug", program, "--live-port", port, *arguments])

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
