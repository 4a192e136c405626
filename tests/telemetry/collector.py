"""A collector of traces on the loopback interface: it takes OTLP over HTTP and reads the protobuf."""

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

POLL_S = 0.1


@dataclass(frozen=True)
class Span:
    name: str
    trace: str
    id: str
    parent: str
    kind: int
    fault: bool
    attributes: dict[str, Any]
    resource: dict[str, Any]


@dataclass
class Collector:
    url: str
    spans: list[Span] = field(default_factory=list[Span])
    paths: set[str] = field(default_factory=set[str])
    raw: bytes = b""

    def wait_for(self, name: str, *, trace: str | None = None, within_s: float = 60) -> list[Span]:
        """The spans of this name, of one trace or of all, once there are any."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            found = [
                each for each in self.spans if each.name == name and trace in (None, each.trace)
            ]
            if found:
                return found
            time.sleep(POLL_S)
        raise AssertionError(f"no span {name}; there are {sorted({e.name for e in self.spans})}")


def _plain(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            there.raw += body
            there.paths.add(self.path)
            for each in ExportTraceServiceRequest.FromString(body).resource_spans:
                resource = _plain(each.resource.attributes)
                for scope in each.scope_spans:
                    there.spans += [
                        Span(
                            span.name,
                            span.trace_id.hex(),
                            span.span_id.hex(),
                            span.parent_span_id.hex(),
                            span.kind,
                            span.status.code == span.status.STATUS_CODE_ERROR,
                            _plain(span.attributes),
                            resource,
                        )
                        for span in scope.spans
                    ]
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    there = Collector(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
