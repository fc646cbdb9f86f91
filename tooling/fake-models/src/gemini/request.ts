/** A `generateContent` request as far as a scripted model looks into it. */
export interface GeminiRequest {
  readonly contents?: readonly GeminiContent[];
  readonly systemInstruction?: GeminiContent;
  readonly tools?: readonly { readonly functionDeclarations?: readonly { readonly name?: string }[] }[];
  readonly generationConfig?: {
    readonly responseJsonSchema?: unknown;
    readonly responseSchema?: unknown;
  };
}
/** `role` is `user` (people and tools) or `model`. */
export interface GeminiContent {
  readonly role?: string;
  readonly parts?: readonly GeminiPart[];
}
export interface GeminiPart {
  readonly text?: string;
  readonly thought?: boolean;
  readonly functionCall?: { readonly name: string; readonly args?: unknown };
  readonly functionResponse?: { readonly name: string; readonly response?: Readonly<Record<string, unknown>> };
}

export function geminiSystemText(request: GeminiRequest): string {
  return textOf(request.systemInstruction ?? {});
}

/** What people said, oldest first. The session context that the CLI puts before the first prompt is left out. */
export function geminiUserTexts(request: GeminiRequest): readonly string[] {
  const said = (request.contents ?? []).filter((content) => content.role === 'user');
  return said.map(textOf).filter((text) => text !== '');
}

/** What the model said before, oldest first. */
export function geminiModelTexts(request: GeminiRequest): readonly string[] {
  const said = (request.contents ?? []).filter((content) => content.role === 'model');
  return said.map(textOf).filter((text) => text !== '');
}

/** What the tools answered since the model last spoke: empty when a person speaks. */
export function geminiToolResults(request: GeminiRequest): readonly { readonly name: string; readonly text: string }[] {
  const parts = request.contents?.at(-1)?.parts ?? [];
  return parts.flatMap(({ functionResponse }) => {
    if (!functionResponse) return [];
    const { output, error } = functionResponse.response ?? {};
    return { name: functionResponse.name, text: String(output ?? error ?? '') };
  });
}

export function geminiToolNames(request: GeminiRequest): readonly string[] {
  const declared = (request.tools ?? []).flatMap((tool) => tool.functionDeclarations ?? []);
  return declared.flatMap(({ name }) => name ?? []);
}

function textOf(content: GeminiContent): string {
  return (content.parts ?? [])
    .flatMap((part) => (part.thought ? [] : (part.text ?? [])))
    .filter((text) => !text.trimStart().startsWith('<session_context>'))
    .join('\n');
}
