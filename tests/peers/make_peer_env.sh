#!/usr/bin/env bash
# Makes .venv-peer: the official, unmodified mlagents_envs 1.1.0, which tests run against our player.
# It declares Python <= 3.10.12, numpy < 1.24, protobuf < 3.21 and grpcio <= 1.48.2. With the first
# two pins of packages kept and the rest overruled it runs on Python 3.11; hence its own environment.
# Quick when it is there already; `make setup` and `make test` call it.
set -euo pipefail
cd "$(dirname "$0")/../.."

main=.venv/bin/python
peer=.venv-peer
stamp=$(sha256sum tests/peers/make_peer_env.sh | cut -c1-16)-$("$main" -V | tr -d ' ')

if [ "$(cat "$peer/stamp" 2>/dev/null || true)" = "$stamp" ]; then
    exit 0
fi
if ! "$main" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
    echo "mlagents_envs 1.1.0 needs Python 3.11 here: tests with it are skipped." >&2
    exit 0
fi

rm -rf "$peer"
"$main" -m venv "$peer"
pip() { "$peer/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; }
pip 'numpy<1.24' 'protobuf<3.21' grpcio==1.85.1 cloudpickle==3.1.2 Pillow==13.0.0 PyYAML==6.0.3 filelock==4.2.11 'setuptools<81'
pip --no-deps --ignore-requires-python mlagents_envs==1.1.0 gym==0.26.2 pettingzoo==1.15.0
"$peer/bin/python" -c 'import mlagents_envs.environment'
echo "$stamp" > "$peer/stamp"
