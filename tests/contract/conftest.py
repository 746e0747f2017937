"""The two servers, started once for all tests."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest

from .calling import Caller
from .node import HERE, ROOT, installed, running


@pytest.fixture(autouse=True)
def _deprecations_are_fine() -> Iterator[None]:
    """Deprecated operations and arguments are called here too; that they warn is tested elsewhere."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


@pytest.fixture(scope="session")
def steady() -> Iterator[str]:
    """The base URL of Steady, which knows the pinned document as it stands in spec/, without our corrections."""
    _need_servers()
    arguments = [str(ROOT / "spec" / "openapi.yaml"), "--reject-on-sdk-error", "--log=false", "--no-color"]
    # The document says `deepObject` of some objects only; the members of all of them go under names with brackets.
    arguments += ["--validator-query-object-format=brackets", "--validator-form-object-format=brackets"]
    # It gives no style to lists in a query, which go under their name with brackets.
    arguments += ["--validator-query-array-format=brackets"]
    with running("@stdy/cli/steady.js", *arguments, health="/_x-steady/health") as url:
        yield url


@pytest.fixture(scope="session")
def aimock() -> Iterator[str]:
    """The base URL of aimock without /v1; what it says stands in fixtures.json."""
    _need_servers()
    arguments = ("--fixtures", str(HERE / "fixtures.json"), "--strict", "--validate-on-load", "--log-level", "warn")
    with running("@copilotkit/aimock/dist/cli.js", *arguments, health="/health") as url:
        yield url


def _need_servers() -> None:
    if not installed():
        pytest.skip("the servers are not installed: run `make contract`")


@pytest.fixture(params=["sync", "asyncio"])
def mock(request: pytest.FixtureRequest, aimock: str) -> Caller:
    """A caller of aimock, once for each way to call."""
    return Caller(aimock, in_loop=request.param == "asyncio")
