export {
  everyText,
  lastUserText,
  type MessagesRequest,
  systemText,
  toolNames,
  toolResults,
  userTexts,
} from './anthropic/request.ts';
export { type AnthropicOptions, startAnthropic } from './anthropic/server.ts';
export type { ApiError, ToolUse, Turn, TurnSource, TurnUsage } from './anthropic/turn.ts';
export {
  type GeminiContent,
  type GeminiRequest,
  geminiModelTexts,
  geminiSystemText,
  geminiToolNames,
  geminiToolResults,
  geminiUserTexts,
} from './gemini/request.ts';
export { type GeminiOptions, startGemini } from './gemini/server.ts';
export type { GeminiCall, GeminiError, GeminiTurn, GeminiTurnSource, GeminiUsage } from './gemini/turn.ts';
export type { FakeModel, RecordedRequest } from './model.ts';
export {
  type ChatMessage,
  type ChatRequest,
  chatAssistantTexts,
  chatLastUserText,
  chatSystemText,
  chatToolNames,
  chatToolResults,
  chatUserTexts,
} from './openai-chat/request.ts';
export { type OpenAiChatOptions, startOpenAiChat } from './openai-chat/server.ts';
export type {
  ChatError,
  ChatHttpError,
  ChatToolUse,
  ChatTurn,
  ChatTurnSource,
  ChatUsage,
} from './openai-chat/turn.ts';
export {
  type ResponsesItem,
  type ResponsesRequest,
  responsesAssistantTexts,
  responsesLastUserText,
  responsesSystemText,
  responsesToolNames,
  responsesToolResults,
  responsesUserTexts,
} from './openai-responses/request.ts';
export { type OpenAiResponsesOptions, startOpenAiResponses } from './openai-responses/server.ts';
export type {
  ResponsesError,
  ResponsesHttpError,
  ResponsesToolUse,
  ResponsesTurn,
  ResponsesTurnSource,
  ResponsesUsage,
} from './openai-responses/turn.ts';
