"""Use the installed generator in an empty folder: from files, a URL, the standard input and Swagger; each exit code."""

import json
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_SHOP = """\
openapi: 3.1.0
info: {title: Pet shop, version: 1.0.0}
servers: [{url: https://pets.example/v1}]
security: [{token: []}]
paths:
  /pets:
    post:
      operationId: createPet
      tags: [pets]
      summary: Take a pet in.
      requestBody: {required: true, content: {application/json: {schema: {$ref: "schemas.yaml#/Pet"}}}}
      responses:
        "201": {description: made, content: {application/json: {schema: {$ref: "schemas.yaml#/Pet"}}}}
components: {securitySchemes: {token: {type: http, scheme: bearer}}}
"""
_SCHEMAS = "Pet: {type: object, required: [name], properties: {name: {type: string}}}\n"
_SWAGGER = {
    "swagger": "2.0",
    "info": {"title": "Old shop", "version": "1"},
    "host": "pets.example",
    "paths": {"/pets": {"get": {"operationId": "listPets", "responses": {"200": {"description": "ok"}}}}},
}
_COMMAND = [str(Path(sys.executable).with_name("sdkwright"))]


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Do not log."""


def _run(*arguments: str, code: int = 0, stdin: str = "", command: list[str] = _COMMAND) -> str:
    done = subprocess.run([*command, *arguments], input=stdin, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == code, f"{arguments}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def _try_package(folder: str, name: str) -> None:
    """Build a request with a package, where neither the SDK nor the generator can be found."""
    code = (
        "import sys, importlib.util as u\n"
        "assert u.find_spec('sdk') is None\n"
        f"from {name} import Client\n"
        "with Client(api_key='k') as client:\n"
        "    print(client.pets.create.request(name='Rex').url)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.stdout == "https://pets.example/v1/pets\n", done.stderr


def main() -> None:
    """Run each command; a failed assertion ends the program."""
    Path("openapi.yaml").write_text(_SHOP, encoding="utf-8")
    Path("schemas.yaml").write_text(_SCHEMAS, encoding="utf-8")
    Path("swagger.json").write_text(json.dumps(_SWAGGER), encoding="utf-8")
    assert _run("--version").startswith("sdkwright ")
    assert "generate" in _run("--help", command=[sys.executable, "-m", "generator"])
    # Several files, by a configuration.
    _run("init")
    _run("lint", "--strict")
    _run("generate")
    _run("check")
    # With the packages that it depends on, which those below need, too.
    _run("-m", "pip", "install", "-qq", "--disable-pip-version-check", "./pet-shop-sdk", command=[sys.executable])
    _try_package(".", "pet_shop")
    with Path("pet-shop-sdk/pet_shop/client.py").open("a", encoding="utf-8") as file:
        file.write("# edited\n")
    assert json.loads(_run("check", "--json", code=1))["differences"] == [
        {"kind": "stale", "file": "pet-shop-sdk/pet_shop/client.py"}
    ]
    Path("generator.toml").unlink()
    # A URL, whose other files are beside it.
    handler = partial(_Handler, directory=".")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}/openapi.yaml"
            _run("generate", "--spec", url, "--out", "from-url", "--package", "shop")
            _run("check", "--spec", url, "--out", "from-url", "--package", "shop")
        finally:
            server.shutdown()
            thread.join()
    _try_package("from-url", "shop")
    # The standard input, and Swagger 2.0.
    whole = _SHOP.replace("schemas.yaml#/", "#/components/schemas/") + "x-end: true\n"
    whole = whole.replace("components: {", "components: {schemas: {" + _SCHEMAS.strip() + "}, ")
    _run("generate", "--spec", "-", "--out", "from-stdin", "--package", "shop", stdin=whole)
    _try_package("from-stdin", "shop")
    _run("generate", "--spec", "swagger.json", "--out", "old")
    assert Path("old/old_shop/client.py").is_file()
    # An error of the document, and one of the command line.
    broken = _run("generate", "--spec", "-", "--json", code=1, stdin=_SHOP.replace("#/Pet", "#/Pat"))
    assert "leads nowhere" in json.loads(broken)["errors"][0]["problem"]
    assert "did you mean generate?" in _run("genrate", code=2)


main()
