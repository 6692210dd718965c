#!/usr/bin/env bash
# Makes FOLDER with the official mlagents-learn 1.1.0: Python 3.10, torch 2.1.1, about 5 GB.
#   tests/peers/make_trainer_env.sh FOLDER; MLAGENTS_LEARN=FOLDER/bin/mlagents-learn make test-trainer
set -euo pipefail
folder=${1:?give the folder to make}
python=${PYTHON310:-python3.10}
if ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then
    echo "mlagents 1.1.0 needs Python 3.10: install it, or say where it is with PYTHON310=PATH." >&2
    exit 1
fi
"$python" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --ignore-requires-python \
    mlagents==1.1.0 mlagents-envs==1.1.0 torch==2.1.1 'setuptools<70' 'filelock<3.16'
"$folder/bin/mlagents-learn" --help > /dev/null
echo "MLAGENTS_LEARN=$folder/bin/mlagents-learn"
