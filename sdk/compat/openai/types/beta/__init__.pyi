# Written by `python -m tests.contract.official.stubs` from the tables of the face. Do not edit.
from typing import Any

from .. import _replies as _r
from sdk import models as _m
from sdk import params as _p
from .._replies import Assistant as Assistant, InputContent as InputContent, Thread as Thread
from sdk.models import (
    AssistantStreamEvent as AssistantStreamEvent,
    Environment as Environment,
    EnvironmentParam as EnvironmentParam,
    HostedEnvironmentFile as HostedEnvironmentFile,
    HostedEnvironmentFileID as HostedEnvironmentFileID,
    HostedEnvironmentFileParam as HostedEnvironmentFileParam,
    HostedPlugin as HostedPlugin,
    HostedSkill as HostedSkill,
    HostedSkillParam as HostedSkillParam,
    HostedSkillReference as HostedSkillReference,
    InputContentParam as InputContentParam,
    McpTransport as McpTransport,
    McpTransportParam as McpTransportParam,
    MultiAgentConfig as MultiAgentConfig,
    OutputText as OutputText,
    PersistedAgentTool as PersistedAgentTool,
    PersistedAgentToolParam as PersistedAgentToolParam,
    PersistedMcpTransport as PersistedMcpTransport,
    PersistedMcpTransportParam as PersistedMcpTransportParam,
    SessionError as SessionError,
    SessionTurnError as SessionTurnError,
    Subagent as Subagent,
    SummaryText as SummaryText,
    TextFormat as TextFormat,
    TextFormatParam as TextFormatParam,
    TokenUsage as TokenUsage,
    WebSearchAction as WebSearchAction,
)
from sdk.params import CodeInterpreterToolParam as CodeInterpreterToolParam, FileSearchToolParam as FileSearchToolParam
from . import threads as threads

AssistantCreateParams = Any
AssistantDeleted = _r.DeleteAssistantResponse
AssistantListParams = Any
AssistantResponseFormatOption = _m.AssistantsApiResponseFormatOption
AssistantResponseFormatOptionParam = Any
AssistantTool = Any
AssistantToolChoice = _m.AssistantsNamedToolChoice
AssistantToolChoiceFunction = _m.AssistantsNamedToolChoiceFunction
AssistantToolChoiceFunctionParam = Any
AssistantToolChoiceOption = Any
AssistantToolChoiceOptionParam = Any
AssistantToolChoiceParam = Any
AssistantToolParam = Any
AssistantUpdateParams = Any
ChatKitWorkflow = _m.ChatkitWorkflow
CodeInterpreterTool = _m.AssistantToolsCode
FileSearchTool = _m.AssistantToolsFileSearch
FunctionTool = _m.AssistantToolsFunction
FunctionToolParam = _p.FunctionToolParamDict
HostedPluginParam = _p.HostedPluginParamDict
InlineCapabilitySourceParam = _p.InlineCapabilitySourceParamDict
MultiAgentConfigParam = _p.MultiAgentConfigParamDict
ResponseCompactParams = Any
ResponseCreateParams = Any
ResponseRetrieveParams = Any
SetupCommandParam = _p.SetupCommandParamDict
ThreadCreateAndRunParams = Any
ThreadCreateParams = Any
ThreadDeleted = _r.DeleteThreadResponse
ThreadUpdateParams = Any
