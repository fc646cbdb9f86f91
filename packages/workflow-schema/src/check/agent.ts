import { type Entry, entryOf } from '../parse/node.ts';
import { agentWords } from '../shape/words.ts';
import type { WrittenAgent, WrittenTemplate } from '../workflow.ts';
import type { Check } from './check.ts';
import { toObject } from './json.ts';
import { checkKeys, missingKey } from './keys.ts';
import { checkNameText } from './name.ts';
import { mapOf, templateOf, textOf } from './values.ts';

/** The agent of a step or of a retry entry: a name, or a template that gives one. */
export function checkAgentName(check: Check, entry: Entry): WrittenTemplate | undefined {
  const template = templateOf(check, entry);
  if (template?.lines.slice(1).some((parts) => parts.length > 0)) {
    check.report.error('invalid-value', template.range, 'the name of an agent is one line');
  }
  return template;
}

/** Nobody works: the step is what its gates say of the files as they are. */
export function isPass(template: WrittenTemplate): boolean {
  const [line, ...more] = template.lines;
  return line?.length === 1 && line[0] === 'pass' && more.length === 0;
}

/** Root `agents`: names with a provider, a model and options. */
export function checkAgents(check: Check, entry: Entry | undefined): WrittenAgent[] {
  const map = entry && mapOf(check, entry, 'write `agents: { reviewer: { provider: claude, model: opus } }`');
  return (map?.entries ?? []).flatMap((agent): WrittenAgent[] => {
    const name = { text: agent.key, range: agent.keyRange };
    checkNameText(check, name, 'an agent');
    if (name.text === 'pass') {
      check.report.error('reserved-name', name.range, 'no agent can be called `pass`: it means that nobody works');
    }
    const body = mapOf(check, agent, 'an agent has a `provider`, and may have a `model` and `options`');
    if (body === undefined) return [];
    check.misspelt.clear();
    checkKeys(check, body, agentWords);
    const given = entryOf(body, 'provider');
    if (given === undefined) missingKey(check, body, 'provider', 'an agent needs a `provider`');
    const provider = given && textOf(check, given);
    const model = entryOf(body, 'model');
    const modelName = model && textOf(check, model)?.text;
    const options = entryOf(body, 'options');
    const optionMap = options && mapOf(check, options);
    if (provider === undefined) return [];
    return [
      {
        name,
        provider,
        ...(modelName !== undefined && { model: modelName }),
        options: optionMap ? toObject(check, optionMap, 'an option') : {},
      },
    ];
  });
}
