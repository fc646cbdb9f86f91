/** A Chat Completions request as far as a scripted model looks into it. */
export interface ChatRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly messages?: readonly ChatMessage[];
  readonly tools?: readonly ChatTool[];
  readonly reasoning_effort?: string;
  readonly response_format?: unknown;
}
export interface ChatTool {
  readonly function?: { readonly name?: string; readonly parameters?: unknown };
}
/** `role` is `system`, `developer`, `user`, `assistant` or `tool`. */
export interface ChatMessage {
  readonly role: string;
  readonly content?: string | readonly ChatPart[] | null;
  readonly tool_calls?: readonly { readonly id?: string; readonly function?: { readonly name?: string } }[];
  readonly tool_call_id?: string;
}
export interface ChatPart {
  readonly type: string;
  readonly text?: string;
}

/** What the CLI told the model before the conversation, and what it added on the way. */
export function chatSystemText(request: ChatRequest): string {
  return textsOfRole(request, 'system', 'developer').join('\n');
}

/** What people said, oldest first. Reminders that the CLI slips in are left out. */
export function chatUserTexts(request: ChatRequest): readonly string[] {
  return textsOfRole(request, 'user');
}

export function chatLastUserText(request: ChatRequest): string {
  return chatUserTexts(request).at(-1) ?? '';
}

/** What the model itself said so far, oldest first. */
export function chatAssistantTexts(request: ChatRequest): readonly string[] {
  return textsOfRole(request, 'assistant');
}

/** What the tools answered since the model last spoke: empty when a person speaks. */
export function chatToolResults(request: ChatRequest): readonly string[] {
  const messages = request.messages ?? [];
  const spoken = messages.findLastIndex((message) => message.role !== 'tool');
  return messages.slice(spoken + 1).map(textOf);
}

export function chatToolNames(request: ChatRequest): readonly string[] {
  return (request.tools ?? []).flatMap((tool) => tool.function?.name ?? []);
}

function textsOfRole(request: ChatRequest, ...roles: readonly string[]): readonly string[] {
  const said = (request.messages ?? []).filter((message) => roles.includes(message.role));
  return said.map(textOf).filter((text) => text !== '');
}

function textOf({ content }: ChatMessage): string {
  const texts = typeof content === 'string' ? [content] : (content ?? []).flatMap((part) => part.text ?? []);
  return texts.filter((text) => !text.startsWith('<system-reminder>')).join('\n');
}
