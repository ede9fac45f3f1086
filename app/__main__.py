"""The command ``convlens``: serve the pages, or check a folder of lessons."""

from __future__ import annotations

import argparse
import ipaddress
import os
import sys
import threading
import webbrowser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import uvicorn

from app.settings import Settings, SettingsError, variable


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        if options.command == "check-lessons":
            return _check_lessons(options.folder)
        settings = Settings.from_environment()
        if options.lessons:
            settings = replace(settings, lessons=options.lessons)
        if options.reload:
            return _serve_and_reload(settings, options)
        return _serve(settings, options)
    except (SettingsError, OSError) as error:
        return _fail(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="convlens", description="Convolutions, step by step, in your browser."
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="0.0.0.0 lets others in the network in (%(default)s)"
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=8000,
        help="the next free one is taken from here (%(default)s)",
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument(
        "--lessons", type=_folder, metavar="DIR", help="add the lessons in a folder"
    )
    parser.add_argument("--reload", action="store_true", help="for development: follow changes")
    commands = parser.add_subparsers(dest="command", metavar="check-lessons DIR")
    check = commands.add_parser("check-lessons", help="report every mistake in a folder of lessons")
    check.add_argument("folder", type=_folder, metavar="DIR")
    return parser


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else -1
    if 0 <= port <= 65_535:
        return port
    raise argparse.ArgumentTypeError(f"{text!r} is not a port; use 0 to 65535 (0: any free one)")


def _folder(text: str) -> Path:
    folder = Path(text)
    if folder.is_dir():
        return folder.resolve()
    raise argparse.ArgumentTypeError(f"{text!r} is not a folder")


def _check_lessons(folder: Path) -> int:
    from app.lessons import check  # here, so that serving does not wait for it

    problems = check(folder)
    for problem in problems:
        _say(problem)
    _say(f"{len(problems)} to mend" if problems else f"no mistakes in {folder}")
    return 1 if problems else 0


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    from app.lessons import LessonError
    from app.main import create_app
    from app.server import listen, make_server

    try:
        app = create_app(settings)
    except LessonError as error:
        return _fail(f"the lessons have mistakes\n{error}")
    with listen(options.host, options.port) as bound:
        port = bound.getsockname()[1]
        if options.port not in (0, port):
            _say(f"Port {options.port} is taken; using {port}.")
        server = make_server(app, settings, listening=lambda: _welcome(options, port))
        try:
            server.run([bound])
        except KeyboardInterrupt:
            _say("")
    return 0


def _serve_and_reload(settings: Settings, options: argparse.Namespace) -> int:
    """Start again at every change; the new process knows the options from its environment."""
    from app.server import server_options

    inherited = server_options(settings) | {"log_level": "info"}
    del inherited["http"]  # deadlines: a class made here cannot follow into the new process
    os.environ[variable("reload")] = "1"
    if settings.lessons:
        os.environ[variable("lessons")] = str(settings.lessons)
    folder = Path(__file__).resolve().parent.parent
    _say(f"Following changes in {folder}")
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=options.host,
        port=options.port,
        reload=True,
        reload_dirs=[str(folder / name) for name in ("app", "engine")],
        **inherited,
    )
    return 0


def _welcome(options: argparse.Namespace, port: int) -> None:
    from app.server import address, network_address

    here = address(options.host, port)
    lines = [f"ConvLens is at {here} (Ctrl+C ends it)"]
    if not _is_loopback(options.host):
        there = network_address() if options.host in ("0.0.0.0", "::", "") else None
        lines.append(f"Others in this network open {address(there, port) if there else here}")
        lines.append("If they cannot, allow the port in this machine's firewall.")
    _say("\n".join(lines))  # at once: whoever waits for the address may end the server next
    if not options.no_browser:
        # Some browsers only return when they are closed.
        threading.Thread(target=webbrowser.open, args=(here,), daemon=True).start()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _fail(reason: str) -> int:
    sys.stderr.write(f"convlens: {reason}\n")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
