import { builtInValidators, builtInWorkflows, type CompileEnvironment, type WorkflowText } from '../src/index.ts';

/** A small world to compile against. */
export function environment(over: Partial<CompileEnvironment> = {}): CompileEnvironment {
  return {
    promptFiles: new Map([
      ['prompts/found.md', '\uFEFF# Title\r\n\r\nDo {spec}\r\n  and {unknwon.output}\r\n'],
      ['prompts/empty.md', ' \n'],
    ]),
    providers: {
      claude: { models: { opus: 'opus', sonnet: 'sonnet', haiku: 'haiku', 'gpt-like': 'x/y:1' } },
      codex: { models: { mini: 'gpt-5-mini' } },
      qwen: { models: {} },
      script: { models: {} },
    },
    agents: { stub: { provider: 'script', options: { command: ['node', 'agent.mjs'] } } },
    inputs: {},
    workflows: builtIn,
    ...over,
  };
}

/** The workflows that are always there. */
export function builtIn(name: string): WorkflowText | undefined {
  const validator = name.replace(/^validators\//, '');
  const text = validator === name ? builtInWorkflows[name] : builtInValidators[validator];
  return text === undefined ? undefined : { text, file: name };
}

/** Texts by the name they are called by. */
export function library(texts: Readonly<Record<string, string>>): (name: string) => WorkflowText | undefined {
  return (name) => {
    const text = Object.hasOwn(texts, name) ? texts[name] : undefined;
    return text === undefined ? undefined : { text, file: `${name}.yaml` };
  };
}
