"""What all tests need."""

from __future__ import annotations

import signal

# A shell that runs the tests in the background lets them ignore Ctrl-C, and their children inherit
# that; the tests that press it need it to count.
signal.signal(signal.SIGINT, signal.default_int_handler)
