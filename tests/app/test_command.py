from __future__ import annotations

import contextlib
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from app.__main__ import main

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def convlens(*arguments: str, **environment: str):
    """Run the command; give the process and the address that it prints."""
    command = [sys.executable, "-m", "app", "--no-browser", *arguments]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment or None,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"ConvLens is at (http://\S+)", line):
                yield process, found[1], said
                break
        else:
            pytest.fail("".join(said))
    finally:
        process.kill()
        process.communicate()


def ended(process) -> str:
    """Wait for the end, and give what was said after the address, read ahead or not."""
    rest = process.stdout.read()
    process.wait(timeout=10)
    return rest


def fetch(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as reply:
        return int(reply.status)


def test_the_address_is_printed_once_the_server_answers():
    with convlens("--port", "0") as (_, url, _):
        assert fetch(f"{url}healthz") == 200


def test_a_taken_port_is_said_and_the_next_one_is_used():
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]

        with convlens("--port", str(taken)) as (_, url, said):
            assert fetch(f"{url}healthz") == 200
            assert f"Port {taken} is taken" in said[0]


def test_control_c_ends_the_server_quietly():
    with convlens("--port", "0") as (process, _, _):
        process.send_signal(signal.SIGINT)

        rest = ended(process)

        assert process.returncode == 0
        assert "Traceback" not in rest


def test_an_open_server_says_how_others_reach_it():
    with convlens("--port", "0", "--host", "0.0.0.0") as (process, url, _):
        process.send_signal(signal.SIGINT)

        rest = ended(process)

        assert url.startswith("http://127.0.0.1:")
        assert "Others in this network open http://" in rest
        assert "firewall" in rest


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--port", "70000"], "'70000' is not a port; use 0 to 65535"),
        (["--port", "http"], "'http' is not a port"),
        (["--lessons", "no/such/folder"], "'no/such/folder' is not a folder"),
        (["check-lessons", "no/such/folder"], "'no/such/folder' is not a folder"),
    ],
)
def test_an_unusable_argument_is_explained(arguments, sentence, capsys):
    with pytest.raises(SystemExit):
        main(arguments)

    assert sentence in capsys.readouterr().err


def test_a_bad_variable_is_explained_without_a_traceback(monkeypatch, capsys):
    monkeypatch.setenv("CONVLENS_QUEUE", "many")

    assert main(["--no-browser"]) == 1
    assert "CONVLENS_QUEUE: 'many' is not a whole number above 0" in capsys.readouterr().err


def test_a_host_of_another_machine_is_explained_without_a_traceback(capsys):
    assert main(["--no-browser", "--host", "192.0.2.1"]) == 1
    assert capsys.readouterr().err.startswith("convlens: ")


def test_the_shipped_lessons_are_sound_and_checking_them_says_so(capsys):
    assert main(["check-lessons", str(ROOT / "templates" / "lessons")]) == 0
    assert "no mistakes" in capsys.readouterr().out


def test_checking_lessons_lists_their_mistakes_and_fails(tmp_path, capsys):
    (tmp_path / "broken.md").write_text("no front matter\n")

    assert main(["check-lessons", str(tmp_path)]) == 1
    assert "broken.md:1: " in capsys.readouterr().out


def test_lessons_with_mistakes_stop_the_start_with_their_places(tmp_path, capsys):
    (tmp_path / "broken.md").write_text("no front matter\n")

    assert main(["--no-browser", "--lessons", str(tmp_path)]) == 1
    assert "broken.md:1: " in capsys.readouterr().err
