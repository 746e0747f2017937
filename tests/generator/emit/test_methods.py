"""x-sdk-methods: methods of a resource that take several requests, which the runtime has."""

from __future__ import annotations

from typing import Any

import pytest

from generator.errors import GeneratorError
from generator.render import build_api, emit, selected

from ..mini import document, quiet

PATHS = """
/zoos: {get: {responses: {"200": {description: ok}}}}
/parks: {get: {responses: {"200": {description: ok}}}}
"""
WHERE = "sdk._openai.vector_store_upload:VectorStoreUpload"


def _api(methods: dict[str, Any], include: list[str] | None = None) -> dict[str, str]:
    data = {**document("{}", PATHS), "x-sdk-methods": methods}
    return emit(data, selected(build_api(data, quiet()), include), quiet())["sdk/api"]


def test_a_resource_has_a_method() -> None:
    """Type checkers see its class, and the client finds it by name."""
    files = _api({"zoos.upload": WHERE})
    assert (
        "from sdk._openai.vector_store_upload import VectorStoreUpload as _VectorStoreUpload"
        in (files["_resources.pyi"])
    )
    assert "    upload: _VectorStoreUpload\n" in files["_resources.pyi"]
    assert f'    _methods = {{"zoos.upload": "{WHERE}"}}\n' in files["_resources.py"]


def test_a_part_of_an_api_has_the_methods_of_its_resources() -> None:
    """Those of resources that are left out are left out, too."""
    files = _api({"zoos.upload": WHERE}, ["parks"])
    assert "upload" not in files["_resources.pyi"] + files["_resources.py"]


@pytest.mark.parametrize(
    ("name", "where"),
    [("zoos.retrieve", WHERE), ("zoos.upload", "os:system"), ("zoos.upload", "sdk._openai"), ("zoos.upload", "x.a:B")],
)
def test_a_method_that_cannot_be(name: str, where: str) -> None:
    """A name that an operation has, and a class outside the runtime, are errors of the overlay."""
    with pytest.raises(GeneratorError, match="x-sdk-methods cannot give") as caught:
        _api({name: where})
    assert caught.value.pointer == f"/x-sdk-methods/{name}"
