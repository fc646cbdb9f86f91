/** A Responses request as far as a scripted model looks into it. */
export interface ResponsesRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly instructions?: string;
  readonly input?: string | readonly ResponsesItem[];
  readonly tools?: readonly ResponsesTool[];
  readonly reasoning?: { readonly effort?: string };
  readonly text?: {
    readonly format?: { readonly type?: string; readonly schema?: unknown; readonly strict?: boolean };
  };
}
export interface ResponsesTool {
  readonly type?: string;
  readonly name?: string;
}
export interface ResponsesItem {
  /** `message` where it is absent. */
  readonly type?: string;
  readonly role?: string;
  readonly content?: string | readonly ResponsesPart[] | null;
  readonly call_id?: string;
  readonly name?: string;
  readonly output?: string | readonly ResponsesPart[];
}
export interface ResponsesPart {
  readonly type?: string;
  readonly text?: string;
}

/** The instructions and what was added to them on the way. */
export function responsesSystemText(request: ResponsesRequest): string {
  const added = messages(request).filter(({ role }) => role === 'system' || role === 'developer');
  return [request.instructions ?? '', ...added.map(textOf)].filter(Boolean).join('\n');
}

/** What people said, oldest first. What the CLI slips in under their name, in tags, is left out. */
export function responsesUserTexts(request: ResponsesRequest): readonly string[] {
  const said = messages(request).filter(({ role }) => role === 'user');
  return said.map(textOf).filter((text) => text !== '');
}

export function responsesLastUserText(request: ResponsesRequest): string {
  return responsesUserTexts(request).at(-1) ?? '';
}

export function responsesAssistantTexts(request: ResponsesRequest): readonly string[] {
  return messages(request).flatMap((item) => (item.role === 'assistant' ? textOf(item) : []));
}

/** What the tools answered since the model last spoke: empty when a person speaks. */
export function responsesToolResults(
  request: ResponsesRequest,
): readonly { readonly id: string; readonly text: string }[] {
  const items = itemsOf(request);
  const before = items.findLastIndex(({ type }) => !type?.endsWith('_output'));
  return items.slice(before + 1).map(({ call_id: id = '', output = '' }) => ({ id, text: partsText(output) }));
}

export function responsesToolNames(request: ResponsesRequest): readonly string[] {
  return (request.tools ?? []).flatMap((tool) => tool.name ?? tool.type ?? []);
}

function itemsOf({ input = [] }: ResponsesRequest): readonly ResponsesItem[] {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : input;
}

function messages(request: ResponsesRequest): readonly ResponsesItem[] {
  return itemsOf(request).filter(({ type = 'message' }) => type === 'message');
}

function textOf({ role, content }: ResponsesItem): string {
  const text = partsText(content ?? '');
  return role === 'user' && /^<[a-z_]+>|^# AGENTS\.md/.test(text) ? '' : text;
}

function partsText(parts: string | readonly ResponsesPart[]): string {
  return typeof parts === 'string' ? parts : parts.flatMap(({ text }) => text ?? []).join('\n');
}
