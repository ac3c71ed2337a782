"""./run: database, tables, demonstration, web server and worker, until Ctrl-C.

Started by `run` as `python -m config.commands.serve`, in the folder of the house. HOST and PORT choose the address.
"""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import IO, Any

from config.commands import tables

HOUSE = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("MEDSPEL_VAR", HOUSE / "var")).absolute()
ACCOUNTS = VAR / "demo-accounts.txt"  # `manage.py demo` writes who one can sign in as
UNFINISHED = VAR / "demo-unfinished"  # stands while the demonstration is built: an interrupted one is built anew
FIRST_PORT, PORTS_TRIED = 8000, 20
START_SECONDS, STOP_SECONDS = 60, 20


class Stopped(Exception):
    """Somebody asked us to stop."""


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _asked_to_stop)
    sys.stdout.reconfigure(errors="replace", line_buffering=True)  # type: ignore[union-attr]
    (VAR / "static").mkdir(parents=True, exist_ok=True)
    children: list[subprocess.Popen[bytes]] = []
    with (VAR / "serve.lock").open("a+") as lock:
        _only_one(lock)
        try:
            host, port = os.environ.get("HOST", "127.0.0.1"), _free_port()
            address = os.environ.setdefault("SITE_URL", f"http://{'localhost' if host in _LOCAL else host}:{port}")
            _note(lock, address)
            _prepare(children)
            children += [_web(host, port), _worker()]
            _until_it_answers(port, children)
            _tell(address)
            return _until_one_ends(children)
        except Stopped:
            print("\nStopping ...")
            return 0
        except tables.Trouble as trouble:
            print(trouble, file=sys.stderr)
            return 1
        finally:
            _stop(children)


_LOCAL = {"127.0.0.1", "localhost", "::1", "0.0.0.0"}  # noqa: S104 - names, not a place we listen at


def _asked_to_stop(number: int, frame: FrameType | None) -> None:
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)  # once is enough: what follows is the orderly end
    raise Stopped


def _only_one(lock: IO[str]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        sys.exit(f"Medspel runs here already: {lock.read().strip() or 'it is just starting'}")


def _note(lock: IO[str], text: str) -> None:
    lock.seek(0)
    lock.truncate()
    lock.write(text)
    lock.flush()


def _free_port() -> int:
    """PORT if it is named, else the first free one from 8000."""
    named = os.environ.get("PORT")
    if named and not named.isdigit():
        raise tables.Trouble(f"PORT should be a number, and is {named!r}.")
    tried = [int(named)] if named else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for port in tried:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((os.environ.get("HOST", "127.0.0.1"), port))
            except OSError:
                continue
            return port
    raise tables.Trouble(
        f"Port {named} is taken. Choose another: PORT=8080 ./run"
        if named
        else f"Ports {FIRST_PORT}-{FIRST_PORT + PORTS_TRIED - 1} are all taken. Choose one: PORT=9000 ./run"
    )


def _prepare(children: "list[subprocess.Popen[bytes]]") -> None:
    if UNFINISHED.exists():
        tables.forget_embedded(VAR)
    tables.ready(VAR)
    if not tables.demonstration_is_wanted():
        return
    print("Building the demonstration municipality ...")
    begun = time.monotonic()
    UNFINISHED.touch()
    ACCOUNTS.unlink(missing_ok=True)
    command = [sys.executable, "-u", "manage.py", "demo"]  # -u: its progress is shown as it goes
    children.append(subprocess.Popen(command, cwd=HOUSE, stdin=subprocess.DEVNULL, **_APART))
    if children[-1].wait():
        raise tables.Trouble("The demonstration could not be built (see above). ./run tries again from the beginning.")
    children.clear()
    UNFINISHED.unlink()
    print(f"  done in {time.monotonic() - begun:.0f} s")


def _web(host: str, port: int) -> "subprocess.Popen[bytes]":
    options = ["--workers=1", "--threads=8", "--no-control-socket"]
    return _child("web", "gunicorn", "config.wsgi:application", f"--bind={host}:{port}", *options)


def _worker() -> "subprocess.Popen[bytes]":
    schedule = f"--schedule={VAR / 'celerybeat-schedule'}"
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return _child(
        "worker", "celery", "-A", "config", "worker", "--beat", schedule, "--concurrency=1", "--loglevel=WARNING", *quiet
    )


def _child(name: str, *command: str) -> "subprocess.Popen[bytes]":
    """Start a program; its words go to var/log/<name>.log."""
    folder = VAR / "log"
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=HOUSE,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            **_APART,
        )


def _die_with_parent() -> None:
    """If we are killed outright the kernel ends our children too."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


# A session of its own: Ctrl-C in the terminal is ours to pass on.
_APART: dict[str, Any] = {"start_new_session": True, "preexec_fn": _die_with_parent if sys.platform == "linux" else None}


def _until_it_answers(port: int, children: "list[subprocess.Popen[bytes]]") -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < START_SECONDS:
        for child, name in zip(children, ("web", "worker"), strict=True):
            if child.poll() is not None:
                raise tables.Trouble(f"The {name} process ended at once. Its last words:\n{_last_words(name)}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/halsa/", timeout=5):
                return
        except urllib.error.HTTPError as answer:
            raise tables.Trouble(f"The web server answers {answer.code}. Its last words:\n{_last_words('web')}") from None
        except OSError:
            time.sleep(0.1)
    raise tables.Trouble(f"The web server does not answer after {START_SECONDS} s. Its last words:\n{_last_words('web')}")


def _last_words(name: str) -> str:
    return "\n".join((VAR / "log" / f"{name}.log").read_text(errors="replace").splitlines()[-20:])


def _tell(address: str) -> None:
    print(f"\nMedspel is running: {address}")
    if ACCOUNTS.exists():
        print(f"\n{ACCOUNTS.read_text(encoding='utf-8').strip()}\n")
    print(f"Letters sent by e-mail end up in {VAR / 'mail'}, logs in {VAR / 'log'}. Stop with Ctrl-C.")


def _until_one_ends(children: "list[subprocess.Popen[bytes]]") -> int:
    while True:
        for child, name in zip(children, ("web", "worker"), strict=True):
            if child.poll() is not None:
                print(
                    f"The {name} process ended (code {child.returncode}). Its last words:\n{_last_words(name)}", file=sys.stderr
                )
                return 1
        time.sleep(0.5)


def _stop(children: "list[subprocess.Popen[bytes]]") -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


if __name__ == "__main__":
    sys.exit(main())
