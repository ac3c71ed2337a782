"""A client for the virus scanner clamd, over its INSTREAM command."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

CHUNK = 64 * 1024  # bytes
TIMEOUT = 30  # seconds, for each send and receive


class ScannerError(Exception):
    """The scanner could not be reached or did not answer with a verdict: nothing is known about the file."""


def found_in(file: BinaryIO, address: str) -> str:
    """The name of the virus found in *file*, or '' when it is clean.

    address: 'host:port' or the path of a unix socket. Memory is bounded by one chunk. ScannerError when there is no verdict.
    """
    with _asked(address, b"zINSTREAM\0") as connection:
        while chunk := file.read(CHUNK):
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
        answer = _answer(connection)
    if answer == "stream: OK":
        return ""
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerError(answer)


def is_up(address: str) -> bool:
    """Whether the scanner answers."""
    try:
        with _asked(address, b"zPING\0") as connection:
            return _answer(connection) == "PONG"
    except ScannerError:
        return False


@contextmanager
def _asked(address: str, command: bytes) -> Iterator[socket.socket]:
    try:
        with _connected(address) as connection:
            connection.sendall(command)
            yield connection
    except (OSError, ValueError) as error:
        raise ScannerError(str(error)) from error


def _connected(address: str) -> socket.socket:
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=TIMEOUT)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(TIMEOUT)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < 4096 and (part := connection.recv(1024)):
        answer += part
    return answer.rstrip(b"\0\n").decode(errors="replace")
