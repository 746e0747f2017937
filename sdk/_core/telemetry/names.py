"""Names of OpenTelemetry's conventions for HTTP clients, which are stable."""

from __future__ import annotations

from typing import NamedTuple

#: The version of the conventions, and when they were read.
VERSION, READ = "1.45.0", "2026-11-30"
SOURCE = "https://github.com/open-telemetry/semantic-conventions/blob/main/docs/http/http-spans.md"

ERROR_TYPE = "error.type"
METHOD = "http.request.method"
RESEND_COUNT = "http.request.resend_count"
STATUS_CODE = "http.response.status_code"
SERVER_ADDRESS = "server.address"
SERVER_PORT = "server.port"
URL_FULL = "url.full"
URL_TEMPLATE = "url.template"
#: All attributes, for the comparison with the constants of the package.
ATTRIBUTES = (
    ERROR_TYPE, METHOD, RESEND_COUNT, STATUS_CODE, SERVER_ADDRESS, SERVER_PORT, URL_FULL, URL_TEMPLATE,
)  # fmt: skip


class Metric(NamedTuple):
    """A metric: its instrument ("histogram" or "counter"), unit, description, and the boundaries of its buckets."""

    name: str
    unit: str
    description: str
    boundaries: tuple[float, ...] = ()
    instrument: str = "histogram"


REQUEST_DURATION = Metric(
    "http.client.request.duration",
    "s",
    "Duration of HTTP client requests.",
    (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10),
)
