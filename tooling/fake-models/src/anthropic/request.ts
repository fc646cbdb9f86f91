/** A Messages request as far as a scripted model looks into it. */
export interface MessagesRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly system?: string | readonly ContentBlock[];
  readonly messages?: readonly Message[];
  readonly tools?: readonly Tool[];
}
export interface Tool {
  readonly name?: string;
  readonly input_schema?: { readonly properties?: Readonly<Record<string, unknown>> };
}
/** `role` is `user`, `assistant` or, in the middle of a conversation, `system`. */
export interface Message {
  readonly role: string;
  readonly content: string | readonly ContentBlock[];
}
export interface ContentBlock {
  readonly type: string;
  readonly text?: string;
  readonly content?: string | readonly ContentBlock[];
  readonly is_error?: boolean;
  readonly tool_use_id?: string;
}

/** The system prompt and what was added to it on the way. */
export function systemText(request: MessagesRequest): string {
  const added = (request.messages ?? []).filter((message) => message.role === 'system');
  return [textOf(request.system ?? ''), ...added.map((message) => textOf(message.content))].filter(Boolean).join('\n');
}

/** What people said, oldest first. Reminders that the CLI slips in and messages of tool results alone are left out. */
export function userTexts(request: MessagesRequest): readonly string[] {
  const said = (request.messages ?? []).filter((message) => message.role === 'user');
  return said.map((message) => textOf(message.content)).filter((text) => text !== '');
}

export function lastUserText(request: MessagesRequest): string {
  return userTexts(request).at(-1) ?? '';
}

/** What the tools answered since the model last spoke: empty when a person speaks. */
export function toolResults(request: MessagesRequest): readonly { readonly text: string; readonly error: boolean }[] {
  const last = request.messages?.findLast((message) => message.role !== 'system');
  if (last?.role !== 'user' || typeof last.content === 'string') return [];
  return last.content
    .filter((block) => block.type === 'tool_result')
    .map((block) => ({ text: textOf(block.content ?? ''), error: block.is_error === true }));
}

export function toolNames(request: MessagesRequest): readonly string[] {
  return (request.tools ?? []).flatMap((tool) => (tool.name === undefined ? [] : [tool.name]));
}

/** Every text of the request, also what the CLI slips into a person's words; oldest first. */
export function everyText(request: MessagesRequest): readonly string[] {
  return [request.system ?? '', ...(request.messages ?? []).map((message) => message.content)].flatMap(textsOf);
}

function textsOf(content: string | readonly ContentBlock[]): readonly string[] {
  return typeof content === 'string' ? [content] : content.flatMap((block) => block.text ?? []);
}

function textOf(content: string | readonly ContentBlock[]): string {
  return textsOf(content)
    .filter((text) => !text.startsWith('<system-reminder>'))
    .join('\n');
}
