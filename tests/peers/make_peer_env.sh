#!/usr/bin/env bash
# Makes .venv-peer: the official, unmodified mlagents_envs 1.1.0, which tests run against our player
# and `heedful bench bridge` against our client. It declares Python <= 3.10.12, numpy < 1.24,
# protobuf < 3.21 and grpcio <= 1.48.2. On a Python 3.10, where there is one, it gets all that it
# declares, and with it protobuf's C++ backend. With the first two pins of packages kept and the rest
# overruled it runs on Python 3.11, with protobuf in pure Python; hence its own environment.
# Quick when it is there already; `make setup` and `make test` call it.
set -euo pipefail
cd "$(dirname "$0")/../.."

main=.venv/bin/python
peer=.venv-peer
python=$(ls -d "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python 2>/dev/null | tail -n 1 || true)
for candidate in "$python" python3.10 "$main"; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] not in ((3, 10), (3, 11)))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
stamp=$(sha256sum tests/peers/make_peer_env.sh | cut -c1-16)-$("$python" -V 2>&1 | tr -d ' ' || true)

if [ "$(cat "$peer/stamp" 2>/dev/null || true)" = "$stamp" ]; then
    exit 0
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 10), (3, 11)))' 2>/dev/null; then
    echo "mlagents_envs 1.1.0 needs Python 3.10 or 3.11: tests with it are skipped." >&2
    exit 0
fi
case $("$python" -V) in
*3.10.*) grpcio='grpcio<=1.48.2' ;;
*) grpcio='grpcio==1.85.1' ;;
esac

rm -rf "$peer"
"$python" -m venv "$peer"
pip() { "$peer/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; }
pip 'numpy<1.24' 'protobuf<3.21' "$grpcio" cloudpickle==3.1.2 'Pillow>=12,<14' PyYAML==6.0.3 filelock==4.1.0 'setuptools<81'
pip --no-deps --ignore-requires-python mlagents_envs==1.1.0 gym==0.26.2 pettingzoo==1.15.0
"$peer/bin/python" -c 'import mlagents_envs.environment'
echo "$stamp" > "$peer/stamp"
