"""A timestamp authority on this machine: `openssl ts` with certificates made for the test."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

CONFIG = """
[tsa]
default_tsa = here
[here]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class LocalAuthority:
    """`roots` is the PEM file to trust. `answer` gives the reply, in DER, to a request in DER."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.roots = folder / "ca.pem"
        (folder / "tsa.cnf").write_text(CONFIG)
        (folder / "serial").write_text("01\n")
        (folder / "tsa.ext").write_text("extendedKeyUsage=critical,timeStamping\n")
        new = ["req", "-newkey", "rsa:2048", "-nodes"]
        self._openssl(*new, "-x509", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Root")
        self._openssl(*new, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Clock")
        self._openssl(
            *("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key"),
            *("-CAcreateserial", "-extfile", "tsa.ext", "-out", "tsa.pem"),
        )

    def answer(self, request: bytes) -> bytes:
        (self.folder / "request").write_bytes(request)
        self._openssl(
            *("ts", "-reply", "-config", "tsa.cnf", "-section", "here"),
            *("-queryfile", "request", "-out", "answer"),
        )
        return (self.folder / "answer").read_bytes()

    def accepts(self, note: bytes, answer: bytes) -> bool:
        """What openssl itself says of an answer, without govern."""
        (self.folder / "note").write_bytes(note)
        (self.folder / "kept").write_bytes(answer)
        checked = ["ts", "-verify", "-data", "note", "-in", "kept", "-CAfile", "ca.pem"]
        done = subprocess.run(
            ["openssl", *checked], cwd=self.folder, capture_output=True, check=False
        )
        return done.returncode == 0

    @contextmanager
    def served(self) -> Iterator[str]:
        """The address at which it answers over HTTP."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/timestamp-query"
                answer = authority.answer(body)
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = Thread(target=server.serve_forever)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}/"
            finally:
                server.shutdown()
                thread.join()

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)
