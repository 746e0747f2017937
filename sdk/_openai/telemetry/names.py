"""Names of OpenTelemetry's conventions for generative AI: their first release in a repository of their own."""

from __future__ import annotations

from ..._core.telemetry.names import Metric

#: The version of the conventions, and when they were read.
VERSION, READ = "0.1.0", "2026-11-30"
SOURCE = "https://github.com/open-telemetry/semantic-conventions-genai/tree/v0.1.0/docs/gen-ai"

OPERATION_NAME = "gen_ai.operation.name"
PROVIDER_NAME = "gen_ai.provider.name"

REQUEST_MODEL = "gen_ai.request.model"
REQUEST_STREAM = "gen_ai.request.stream"
REQUEST_MAX_TOKENS = "gen_ai.request.max_tokens"
REQUEST_CHOICE_COUNT = "gen_ai.request.choice.count"
REQUEST_TEMPERATURE = "gen_ai.request.temperature"
REQUEST_TOP_P = "gen_ai.request.top_p"
REQUEST_TOP_K = "gen_ai.request.top_k"
REQUEST_STOP_SEQUENCES = "gen_ai.request.stop_sequences"
REQUEST_FREQUENCY_PENALTY = "gen_ai.request.frequency_penalty"
REQUEST_PRESENCE_PENALTY = "gen_ai.request.presence_penalty"
REQUEST_SEED = "gen_ai.request.seed"
REQUEST_ENCODING_FORMATS = "gen_ai.request.encoding_formats"
REQUEST_REASONING_LEVEL = "gen_ai.request.reasoning.level"
REQUEST_PREVIOUS_RESPONSE = "gen_ai.request.previous_response.id"
CONVERSATION_ID = "gen_ai.conversation.id"
OUTPUT_TYPE = "gen_ai.output.type"
EMBEDDINGS_DIMENSION_COUNT = "gen_ai.embeddings.dimension.count"

RESPONSE_ID = "gen_ai.response.id"
RESPONSE_MODEL = "gen_ai.response.model"
RESPONSE_FINISH_REASONS = "gen_ai.response.finish_reasons"
RESPONSE_TIME_TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk"

USAGE_INPUT_TOKENS = "gen_ai.usage.input_tokens"
USAGE_OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
USAGE_CACHE_READ_INPUT_TOKENS = "gen_ai.usage.cache_read.input_tokens"
USAGE_REASONING_OUTPUT_TOKENS = "gen_ai.usage.reasoning.output_tokens"
USAGE_TEXT_INPUT_TOKENS = "gen_ai.usage.text.input_tokens"
USAGE_IMAGE_INPUT_TOKENS = "gen_ai.usage.image.input_tokens"
USAGE_AUDIO_INPUT_TOKENS = "gen_ai.usage.audio.input_tokens"
USAGE_TEXT_OUTPUT_TOKENS = "gen_ai.usage.text.output_tokens"
USAGE_IMAGE_OUTPUT_TOKENS = "gen_ai.usage.image.output_tokens"
USAGE_AUDIO_OUTPUT_TOKENS = "gen_ai.usage.audio.output_tokens"
TOKEN_MODALITY = "gen_ai.token.modality"

TOOL_NAME = "gen_ai.tool.name"
TOOL_TYPE = "gen_ai.tool.type"
TOOL_DESCRIPTION = "gen_ai.tool.description"
TOOL_CALL_ID = "gen_ai.tool.call.id"

#: What is sent to models and what they answer: only where the program asks for it.
SYSTEM_INSTRUCTIONS = "gen_ai.system_instructions"
INPUT_MESSAGES = "gen_ai.input.messages"
OUTPUT_MESSAGES = "gen_ai.output.messages"
TOOL_DEFINITIONS = "gen_ai.tool.definitions"
TOOL_CALL_ARGUMENTS = "gen_ai.tool.call.arguments"
TOOL_CALL_RESULT = "gen_ai.tool.call.result"

OPENAI_API_TYPE = "openai.api.type"
OPENAI_REQUEST_SERVICE_TIER = "openai.request.service_tier"
OPENAI_RESPONSE_SERVICE_TIER = "openai.response.service_tier"
OPENAI_RESPONSE_SYSTEM_FINGERPRINT = "openai.response.system_fingerprint"

#: All attributes of the conventions above.
ATTRIBUTES = tuple(
    value for value in globals().values() if isinstance(value, str) and value.startswith(("gen_ai.", "openai."))
)

_SECONDS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
_TOKENS = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864)

INFERENCE_DURATION = Metric("gen_ai.client.inference.duration", "s", "Duration of a call of a model.", _SECONDS)
TIME_TO_FIRST_CHUNK = Metric(
    "gen_ai.client.inference.time_to_first_chunk", "s", "Time until the first chunk of a stream.", _SECONDS
)
TIME_PER_OUTPUT_CHUNK = Metric(
    "gen_ai.client.inference.time_per_output_chunk", "s", "Time from one chunk of a stream to the next one.", _SECONDS
)
INPUT_TOKENS = Metric(
    "gen_ai.client.inference.usage.input_tokens", "{token}", "Tokens of the input, cached ones included.", (), "counter"
)
OUTPUT_TOKENS = Metric(
    "gen_ai.client.inference.usage.output_tokens", "{token}", "Tokens of the output, those of reasoning included.", (),
    "counter",
)  # fmt: skip
CACHE_READ_INPUT_TOKENS = Metric(
    "gen_ai.client.inference.usage.cache_read.input_tokens", "{token}", "Tokens of the input that came from a cache.",
    (), "counter",
)  # fmt: skip
REASONING_OUTPUT_TOKENS = Metric(
    "gen_ai.client.inference.usage.reasoning.output_tokens", "{token}", "Tokens of the output for reasoning.", (),
    "counter",
)  # fmt: skip
OPERATION_INPUT_TOKENS = Metric(
    "gen_ai.client.inference.operation.input_tokens", "{token}", "Tokens of the input of a call.", _TOKENS
)
OPERATION_OUTPUT_TOKENS = Metric(
    "gen_ai.client.inference.operation.output_tokens", "{token}", "Tokens of the output of a call.", _TOKENS
)
EMBEDDINGS_DURATION = Metric("gen_ai.client.embeddings.duration", "s", "Duration of a call for embeddings.", _SECONDS)
EMBEDDINGS_INPUT_TOKENS = Metric(
    "gen_ai.client.embeddings.operation.input_tokens", "{token}", "Tokens of the input of a call for embeddings.",
    _TOKENS,
)  # fmt: skip
OPERATION_DURATION = Metric("gen_ai.client.operation.duration", "s", "Duration of another call.", _SECONDS)
EXECUTE_TOOL_DURATION = Metric("gen_ai.execute_tool.duration", "s", "Duration of a call of a tool.", _SECONDS)
INVOKE_AGENT_DURATION = Metric("gen_ai.invoke_agent.duration", "s", "Duration of a run of a session.", _SECONDS)
#: All metrics of the conventions above.
METRICS = tuple(value for value in globals().values() if isinstance(value, Metric))
