"""Imitations of vendors: a transport that refuses what the vendor would refuse, and answers in its manner."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx

KEY = "vendor-key-0123456789"


class Vendor(NamedTuple):
    """What a vendor expects: URL, environment, the header of the key; and what its replies have of their own."""

    url: str
    environment: Mapping[str, str]
    header: tuple[str, str] | None = ("authorization", f"Bearer {KEY}")
    more: Mapping[str, Any] = {}  # never changed


#: By the name of the provider.
VENDORS: dict[str, Vendor] = {
    "openai": Vendor("https://api.openai.com/v1", {"OPENAI_API_KEY": KEY}),
    "azure": Vendor(
        "https://mine.openai.azure.com/openai/v1",
        {"AZURE_OPENAI_ENDPOINT": "https://mine.openai.azure.com/", "AZURE_OPENAI_API_KEY": KEY},
        ("api-key", KEY),
        {"prompt_filter_results": [{"prompt_index": 0, "content_filter_results": {}}]},
    ),
    "bedrock": Vendor(
        "https://bedrock-runtime.eu-central-1.amazonaws.com/openai/v1",
        {"AWS_REGION": "eu-central-1", "AWS_BEARER_TOKEN_BEDROCK": KEY},
    ),
    "gemini": Vendor("https://generativelanguage.googleapis.com/v1beta/openai", {"GEMINI_API_KEY": KEY}),
    "openrouter": Vendor("https://openrouter.ai/api/v1", {"OPENROUTER_API_KEY": KEY}, more={"provider": "Someone"}),
    "groq": Vendor("https://api.groq.com/openai/v1", {"GROQ_API_KEY": KEY}, more={"x_groq": {"id": "req_1"}}),
    "together": Vendor("https://api.together.ai/v1", {"TOGETHER_API_KEY": KEY}, more={"prompt": []}),
    "mistral": Vendor("https://api.mistral.ai/v1", {"MISTRAL_API_KEY": KEY}),
    "deepseek": Vendor("https://api.deepseek.com", {"DEEPSEEK_API_KEY": KEY}, more={"system_fingerprint": "fp"}),
    "fireworks": Vendor("https://api.fireworks.ai/inference/v1", {"FIREWORKS_API_KEY": KEY}),
    "xai": Vendor("https://api.x.ai/v1", {"XAI_API_KEY": KEY}),
    "perplexity": Vendor("https://api.perplexity.ai/v1", {"PERPLEXITY_API_KEY": KEY}),
    "github": Vendor("https://models.github.ai/inference", {"GITHUB_TOKEN": KEY}),
    "cloudflare": Vendor(
        "https://api.cloudflare.com/client/v4/accounts/account-1/ai/v1",
        {"CLOUDFLARE_ACCOUNT_ID": "account-1", "CLOUDFLARE_API_KEY": KEY},
    ),
    "huggingface": Vendor("https://router.huggingface.co/v1", {"HF_TOKEN": KEY}),
    "lmstudio": Vendor("http://localhost:1234/v1", {}, None, {"stats": {}}),
    "ollama": Vendor("http://localhost:11434/v1", {}, None),
    "vllm": Vendor("http://localhost:8000/v1", {"VLLM_API_KEY": KEY}, more={"prompt_logprobs": None}),
    "sglang": Vendor("http://localhost:30000/v1", {}, None, {"metadata": {"weight_version": "default"}}),
    "llamacpp": Vendor("http://localhost:8080/v1", {"LLAMA_API_KEY": KEY}, more={"timings": {"predicted_n": 1}}),
    "litellm": Vendor("http://localhost:4000/v1", {"LITELLM_API_KEY": KEY}),
    "vertex": Vendor(
        "https://aiplatform.googleapis.com/v1/projects/my-project/locations/global/endpoints/openapi",
        {"GOOGLE_CLOUD_PROJECT": "my-project"},
    ),
}


class Imitation:
    """One vendor as a function for a mock transport; `requests` are those that came."""

    def __init__(self, vendor: Vendor) -> None:
        self._vendor = vendor
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a chat or a response, streamed or not; refuse other paths, and other keys."""
        self.requests.append(request)
        vendor = self._vendor
        sent = {name: request.headers.get(name) for name in ("authorization", "api-key")}
        expected = {"authorization": None, "api-key": None} | dict([vendor.header] if vendor.header else [])
        if sent != expected:
            return httpx.Response(401, json={"error": {"message": "the key is not the one of this vendor"}})
        path = str(request.url).removeprefix(vendor.url)
        body = json.loads(request.content)
        if path == "/responses":
            return httpx.Response(200, json={"id": "r", "object": "response", "status": "completed", "output": []})
        if path != "/chat/completions":
            return httpx.Response(404, json={"error": {"message": f"no such path {path}"}})
        if body.get("stream"):
            return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=self._stream())
        message = {"role": "assistant", "content": "hello", "reasoning_content": "because"}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return httpx.Response(200, json={**self._head("chat.completion"), "choices": [choice]})

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": "c", "object": kind, "created": 1, "model": "m", **self._vendor.more}

    def _stream(self) -> bytes:
        """Return chunks as vendors send them: comments, one without choices, text, usage, the end."""
        head = self._head("chat.completion.chunk")
        pieces: list[dict[str, Any]] = [
            {**head, "choices": []},
            {**head, "choices": [{"index": 0, "delta": {"role": "assistant", "content": "hel"}}]},
            {**head, "choices": [{"index": 0, "delta": {"content": "lo"}, "finish_reason": "stop"}]},
            {**head, "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}},
        ]
        lines = [": OPENROUTER PROCESSING", *(f"data: {json.dumps(piece)}" for piece in pieces), "data: [DONE]"]
        return "".join(f"{line}\n\n" for line in lines).encode()
