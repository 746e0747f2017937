"""Models."""

import httpx

from ..wire import error


def test_lists_the_models(api: httpx.Client) -> None:
    """The list names models for every kind of work."""
    found = api.get("/models").json()
    assert found["object"] == "list"
    assert {"gpt-4o-mini", "text-embedding-3-small", "whisper-1"} <= {model["id"] for model in found["data"]}


def test_retrieves_a_model(api: httpx.Client) -> None:
    """One model is described by its name."""
    assert api.get("/models/gpt-4o").json()["id"] == "gpt-4o"


def test_answers_404_to_an_unknown_model(api: httpx.Client) -> None:
    """A model that is not there is an error; a slash in its name is part of the name."""
    assert error(api.get("/models/some%2Fmodel")) == (404, "model", "model_not_found")


def test_deletes_a_fine_tuned_model(api: httpx.Client) -> None:
    """A fine-tuned model can be deleted, and is gone."""
    name = "ft:gpt-4o-mini:local::demo"
    assert api.delete(f"/models/{name}").json() == {"id": name, "object": "model", "deleted": True}
    assert error(api.get(f"/models/{name}")) == (404, "model", "model_not_found")


def test_keeps_the_models_of_the_server(api: httpx.Client) -> None:
    """Other models cannot be deleted."""
    assert error(api.delete("/models/gpt-4o")) == (403, "model", None)
