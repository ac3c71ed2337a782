"""Small real servers on the loopback: a mail server and a virus scanner, each in a thread of its own."""

import email
import email.policy
import socketserver
import struct
import threading

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.shutdown()
        self.server_close()

    @property
    def port(self):
        return self.server_address[1]


class MailServer(_Server):
    """Keeps what it gets; refuses addresses in *refused* for good, and everything for now while *busy*."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _MailTalk)
        self.messages, self.refused, self.busy = [], set(), False


class _MailTalk(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 mail.example")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ", 1)[0].upper()
            if verb == "DATA":
                self.data()
            elif verb == "RCPT":
                self.recipient(line)
            elif verb == "QUIT":
                self.say("221 hej")
                return
            else:
                self.say("250 ok")

    def recipient(self, line):
        if self.server.busy:
            self.say("450 try later")
        elif any(address in line for address in self.server.refused):
            self.say("550 no such mailbox")
        else:
            self.say("250 ok")

    def data(self):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        self.server.messages.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        self.say("250 kept")

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


class Scanner(_Server):
    """Speaks clamd's INSTREAM: finds EICAR anywhere in what it is sent; complains above *limit* bytes."""

    def __init__(self, limit=1_000_000):
        super().__init__(("127.0.0.1", 0), _ScannerTalk)
        self.limit, self.scanned = limit, 0


class _ScannerTalk(socketserver.StreamRequestHandler):
    def handle(self):
        command = b""
        while (byte := self.rfile.read(1)) not in {b"\0", b""}:
            command += byte
        if command == b"zPING":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM":
            self.wfile.write(self.verdict() + b"\0")

    def verdict(self):
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > self.server.limit:
                return b"INSTREAM size limit exceeded. ERROR"
        self.server.scanned += 1
        return b"stream: Win.Test.EICAR_HDB-1 FOUND" if EICAR in content else b"stream: OK"
