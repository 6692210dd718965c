import json
import os
import signal
import subprocess
import sys
import time

import pytest

import agent.cli_commands
from agent.cli import main
from envs.scene_file import load_scene
from envs.testing import CHECKS, WorldError

HEEDFUL = [sys.executable, "-m", "agent.cli"]


@pytest.fixture
def heedful(monkeypatch, capsys):
    """Runs a command line in this process: (exit code, stdout, stderr)."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["heedful", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return left.value.code, told.out, told.err

    return run


def test_help_is_quick_and_lists_the_commands():
    before = os.times()
    told = subprocess.run([*HEEDFUL, "--help"], capture_output=True, text=True, check=True)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user
    used -= before.children_system
    for name in ("demo", "serve", "world", "train", "evaluate", "play", "explain", "envs", "scene",
                 "bench", "doctor", "recordings"):  # fmt: skip
        assert f" {name} " in told.stdout
    assert used < 0.5  # processor time: other tests may run beside this one


def test_evaluate_prints_a_table_and_writes_the_file(heedful, tmp_path):
    file = tmp_path / "report.json"
    code, out, _ = heedful(
        "evaluate", "--policy", "oracle", "--task", "ringing", "--task", "named_place",
        "--seeds", "1500000:1500002", "--json", file,
    )  # fmt: skip
    assert code == 0
    assert "navigation/ringing" in out
    assert "1.000" in out
    assert out.endswith(f"Written to {file}\n")
    report = json.loads(file.read_text())
    assert list(report["tasks"]) == ["navigation/ringing", "navigation/named_place"]
    assert report["tasks"]["navigation/ringing"]["episodes"] == 2


def test_json_to_a_dash_is_all_that_is_on_standard_output(heedful, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        code, out, err = heedful(
            "evaluate", "--policy", "random", "--task", "ringing", "--episodes", "1", "--json", "-"
        )
        assert code == 0
        assert json.loads(out)["policy"] == "random"
        assert "navigation/ringing" in err and "navigation/ringing" in out
        assert "Written to" not in err
    assert not list(tmp_path.iterdir())
    assert "heedful/Museum-v0" in heedful("envs")[1]  # what comes later is printed as ever


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["evaluate", "--policy", "brian"], 2, "No policy is called 'brian': did you mean"),
        (["evaluate", "--task", "rining"], 2, "No task is called 'rining': did you mean"),
        (["evaluate", "--without", "camra"], 2, "Nothing called 'camra' can be left out"),
        (["evaluate", "--policy", "oracle", "--without", "camera"], 2,
         "--without means nothing to the policy oracle"),
        (["evaluate", "--seeds", "5"], 2, "Seeds are written A:B"),
        (["evaluate", "--episodes", "0"], 2, "0 episodes cannot be played"),
        (["evaluate", "--family", "musem"], 2, "No family is called 'musem'"),
        (["evaluate", "--scene", "musem"], 2, "No scene is called 'musem'"),
        (["evaluate", "--perturbation", "door_close"], 2, "No perturbation is called"),
        (["evaluate", "--speech", "voices"], 2, "There is no speech 'voices': did you mean"),
        (["evaluate", "--suite", "standart"], 2, "No suite is called 'standart'"),
        (["evaluate", "--brain", "no.safetensors"], 2, "There is no checkpoint at no.safetensors"),
        (["evaluate", "--brain", "brain.pt"], 2, "brain.pt is a pickle"),
        (["evaluate", "--policy", "random", "--episodes", "1", "--json", "/proc/no/file"], 2,
         "/proc/no/file cannot be written"),
        (["scene", "validate", "musem"], 2, "No scene is called 'musem': did you mean"),
        (["scene", "render", "museum", "--out", "/proc/no.png"], 2, "/proc/no.png cannot be "
         "written (No such file or directory): give --out another file."),
        (["scene", "render", "museum", "--out", "plan.txt"], 2, "plan.txt cannot be written "
         "(unknown file extension: .txt): give --out a file that ends in .png or .jpg."),
        (["serve", "--policy", "oracle"], 2, "'oracle' cannot be served: choose --policy brain"),
        (["serve", "--policy", "untrained", "--without", "ears"], 2, "Nothing called 'ears'"),
        (["serve", "--policy", "untrained", "--record", "/proc/no"], 2,
         "Episodes cannot be recorded in /proc/no"),
        (["serve", "--host", "0.0.0.0"], 2, "lock-step worlds are served on this machine only and "
         "0.0.0.0 would let others in, without a password: leave --host out, and let games on "
         "other machines use the live link, which has TLS and a token."),
        (["recordings", "list", "/proc/no"], 2, "/proc/no cannot be read"),
        (["serve", "--brain", "no.safetensors"], 2, "There is no checkpoint at no.safetensors"),
        (["world", "musem", "--port", "5999"], 2, "No scene is called 'musem'"),
        (["world", "museum", "--port", "5999", "--seeds", "x"], 2, "Seeds are written A:B"),
        (["world", "museum", "--speech", "aloud"], 2, "There is no speech 'aloud'"),
        (["world", "museum", "--port", "9"], 1, "nothing listens on 127.0.0.1:9; start"),
        (["explain", "no.jsonl"], 2, "no.jsonl cannot be read"),
        (["world", "museum", "--areas", "0"], 2, "0 areas cannot be played: give --areas 1"),
        (["world", "museum", "--task", "rining"], 2, "No task is called 'rining'"),
        (["world", "museum", "--task", "ringing", "--port", "9", "--results", "/proc/no/file"], 2,
         "results cannot be written to /proc/no/file"),
        (["demo", "--episodes", "0"], 2, "0 episodes cannot be played"),
        (["demo", "--out", "/proc/no"], 2, "/proc/no cannot be written: give --out another"),
        (["docs", "--out", "/proc/no"], 2, "/proc/no cannot be written"),
        (["train", "musem", "--run-id", "x"], 2, ""),
        (["train", "museum", "--run-id", "../x"], 2, "'../x' cannot be the name of a run"),
        (["train", "museum", "--run-id", "no", "--resume"], 2, "There is nothing to resume in"),
        (["train", "unity", "--run-id", "no", "--unity", "no"], 2, "there is no Unity build at"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence_and_an_exit_code(heedful, arguments, code, sentence):
    left, _, err = heedful(*arguments)
    assert left == code
    assert err.startswith("heedful: " + sentence)
    assert len(err.strip().splitlines()) == 1
    assert err.rstrip().endswith((".", "?"))


def test_unknown_option_names_the_command_and_exits_2(heedful):
    code, _, err = heedful("evaluate", "--sedes", "1:2")
    assert code == 2
    assert "--sedes" in err


@pytest.mark.parametrize("command", [["envs"], ["scene", "schema"], ["--help"]])
def test_a_full_disk_behind_stdout_is_one_sentence(command):
    with open("/dev/full", "w") as full:
        told = subprocess.run([*HEEDFUL, *command], stdout=full, stderr=subprocess.PIPE, text=True)
    assert told.returncode == 1
    assert told.stderr == "heedful: The disk is full: make room, or write elsewhere.\n"


@pytest.mark.parametrize("command", [["envs"], ["scene", "schema"]])
def test_a_reader_that_has_gone_is_no_traceback(command):
    read, write = os.pipe()
    os.close(read)
    told = subprocess.run([*HEEDFUL, *command], stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert told.returncode == 1 and told.stderr.strip() == ""


@pytest.mark.parametrize("command", [["serve"], ["world", "museum"], ["doctor"]])
def test_no_port_is_wrapped_round_to_another(heedful, command):
    code, _, err = heedful(*command, "--port", "99999")
    assert code == 2
    assert "--port" in err and "65535" in err


@pytest.mark.parametrize("option", [["--out", "folder"], ["--no-baselines"]])
def test_options_of_suites_are_not_ignored_without_one(heedful, option):
    code, _, err = heedful("evaluate", "--policy", "random", "--episodes", "1", *option)
    assert code == 2
    assert "--out and --no-baselines go with --suite" in " ".join(err.split())


@pytest.mark.parametrize("npcs", ["x", "0", "", "8,-1"])
def test_bench_serve_wants_numbers(heedful, npcs):
    code, _, err = heedful("bench", "serve", "--npcs", npcs)
    assert code == 2
    assert "is no list of numbers such as 8,16,64" in " ".join(err.split())


def test_debug_shows_where_an_error_comes_from(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["heedful", "--debug", "scene", "validate", "musem"])
    with pytest.raises(Exception, match="No scene is called 'musem'"):
        main()


def test_a_programming_error_is_not_hidden(monkeypatch):
    def broken():
        raise ZeroDivisionError

    monkeypatch.setattr(agent.cli_commands, "app", broken)
    monkeypatch.setattr(sys, "argv", ["heedful", "envs"])
    with pytest.raises(ZeroDivisionError):
        main()


def test_control_c_is_one_sentence_and_130():
    child = subprocess.Popen(
        [*HEEDFUL, "evaluate", "--policy", "oracle", "--episodes", "100000"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    time.sleep(4)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert err.strip() == "heedful: stopped."


def test_envs_lists_everything(heedful):
    code, out, _ = heedful("envs")
    assert code == 0
    for name in ("heedful/Museum-v0", "museum", "navigation/named_place", "oracle", "standard",
                 "door_closes"):  # fmt: skip
        assert name in out


def test_envs_check_says_how_each_check_went(heedful, monkeypatch):
    code, out, _ = heedful("envs", "check", "museum", "--decisions", "5", "--camera-size", "16",
                           "--depth", "--task", "ringing")  # fmt: skip
    assert code == 0
    assert "ok    same seed" in out and "FAIL" not in out
    assert "museum: every check passed (" in out
    code, _, err = heedful("envs", "check", "musem")
    assert code == 2 and "No scene is called 'musem'" in err
    code, _, err = heedful("envs", "check", "Poor-v0")
    assert code == 2 and "No environment is called 'Poor-v0' (Environment `Poor` doesn't" in err
    code, _, err = heedful("envs", "check", "no_such:Poor-v0")
    assert code == 2 and "is called 'no_such:Poor-v0' (No module named 'no_such'): give an" in err
    code, _, err = heedful("envs", "check", "Poor-v0", "--npcs", "2")
    assert code == 2 and "'npcs' was given for 'Poor-v0', which has one: leave it out." in err

    def broken(session):
        raise WorldError("At decision 0 it rains.")

    monkeypatch.setitem(CHECKS, "goal", broken)
    code, out, _ = heedful("envs", "check", "museum", "--decisions", "5")
    assert code == 1
    assert "At decision 0 it rains." in out
    assert f"museum: 1 of {len(CHECKS)} checks failed (" in out


def test_scene_validate_and_render(heedful, tmp_path):
    code, out, _ = heedful("scene", "validate", "museum")
    assert code == 0
    assert "museum is valid: 7 places, 8 doors" in out
    code, out, _ = heedful("scene", "render", "museum:7", "--out", tmp_path / "a" / "plan.png")
    assert code == 0
    assert (tmp_path / "a" / "plan.png").stat().st_size > 1000
    code, _, err = heedful("scene", "render", "museum:7", "--out", tmp_path / "plan.txt")
    assert code == 2
    assert "ends in .png or .jpg" in err


def test_scene_export_can_be_read_again(heedful, tmp_path):
    file = tmp_path / "mine.yaml"
    assert heedful("scene", "export", "museum:7", "--out", file)[0] == 0
    assert load_scene(file) == load_scene("museum:7")
    code, out, _ = heedful("scene", "export", "museum:7")
    assert code == 0
    assert out == file.read_text()
    code, _, err = heedful("scene", "export", "museum:7", "--out", "/proc/no/file.yaml")
    assert code == 2
    assert "give --out another file" in err


def test_scene_export_writes_json_that_is_valid(heedful, tmp_path):
    file = tmp_path / "museum.json"
    assert heedful("scene", "export", "museum", "--out", file)[0] == 0
    scene = json.loads(file.read_text())
    assert scene["objects"][0]["size"] == [0.34, 0.6, 0.34]
    code, out, _ = heedful("scene", "validate", file)
    assert code == 0
    assert "is valid: 7 places, 8 doors" in out


def test_bench_world_writes_the_keys(heedful, tmp_path):
    file = tmp_path / "bench.json"
    code, out, _ = heedful("bench", "world", "--agents", 8, "--seconds", 0.1, "--json", file)
    assert code == 0
    assert "every sense, 1 core" in out
    report = json.loads(file.read_text())
    assert report["agent_steps_per_s"] > 0
    assert report["agent_steps_per_s_1core"] > 0
    assert {"by_setting", "peers"} <= report.keys()


def test_a_log_format_that_there_is_not(heedful):
    code, _, err = heedful("serve", "--log-format", "xml")
    assert code == 2
    assert "--log-format is text or json, not 'xml'." in " ".join(err.split())
