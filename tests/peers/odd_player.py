"""A player for the tests of launching: ``odd_player.py --mlagents-port N [-logFile F] MODE``.

Plays like any other for three exchanges, then does what MODE says.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.unity_bridge.builds import Build, counting


def write_log(text):
    print(text, flush=True)
    if "-logFile" in sys.argv:
        log = Path(sys.argv[sys.argv.index("-logFile") + 1])
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(f"{text} (log)\n")


def misbehave(mode):
    if mode == "die":
        write_log("NullReferenceException: nobody is here")
        os._exit(3)
    if mode == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if mode == "hang":
        write_log("a dialog waits for a click")
        time.sleep(60)
    if mode == "stop":
        write_log("Breakpoint reached")
        os.kill(os.getpid(), signal.SIGSTOP)
    if mode == "child":
        Path(sys.argv[-2]).write_text(str(subprocess.Popen(["sleep", "60"]).pid))
    if mode == "chatty":
        print("x" * 5_000_000, flush=True)


def main():
    mode = sys.argv[-1]
    if mode == "never":
        write_log("No display")
        time.sleep(60)
    if mode == "early":
        write_log("Missing library")
        sys.exit(127)
    made = counting()

    def play(number, reply):
        if number == 3:
            misbehave(mode)
        return made(number, reply)

    port = int(sys.argv[sys.argv.index("--mlagents-port") + 1])
    Build(play, port=port)._run()
    if mode == "deaf":
        time.sleep(60)


if __name__ == "__main__":
    main()
