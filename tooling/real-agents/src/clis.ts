import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The folder with the CLIs' own package.json and lockfile. */
export const clisFolder = join(import.meta.dirname, '..', 'clis');

/** Where the suite puts one link for each CLI: a folder for PATH that holds nothing else. */
export const binFolder = join(clisFolder, 'node_modules', '.cache', 'bin');

export interface RealCli {
  /** The command's name. */
  readonly name: string;
  readonly npmName: string;
  /** As its package.json pins it. */
  readonly version: string;
  /** The program for this machine; throws when it is not installed. */
  locate(): string;
  /** It is JavaScript, and runs on the Node that runs the suite: the host's may be too old for it. */
  readonly interpreted?: true;
}

export const claudeCli: RealCli = {
  name: 'claude',
  npmName: '@anthropic-ai/claude-code',
  version: pinned('@anthropic-ai/claude-code'),
  // The package's own bin is linked by an install script, which does not run here.
  locate: () => {
    const wrapper = realpathSync(join(clisFolder, 'node_modules/@anthropic-ai/claude-code/package.json'));
    const platform = `${process.platform}-${process.arch}${isMusl() ? '-musl' : ''}`;
    const manifest = createRequire(wrapper).resolve(`@anthropic-ai/claude-code-${platform}/package.json`);
    return join(manifest, '..', process.platform === 'win32' ? 'claude.exe' : 'claude');
  },
};

export const codexCli: RealCli = {
  name: 'codex',
  npmName: '@openai/codex',
  version: pinned('@openai/codex'),
  // The package's own bin is a script around this program, which it does not take along when it is killed on an older Node.
  locate: () => {
    const wrapper = realpathSync(join(clisFolder, 'node_modules/@openai/codex/package.json'));
    const platform = `${process.platform}-${process.arch}`;
    const manifest = createRequire(wrapper).resolve(`@openai/codex-${platform}/package.json`);
    const [target = ''] = readdirSync(join(manifest, '..', 'vendor'));
    return join(manifest, '..', 'vendor', target, 'bin', process.platform === 'win32' ? 'codex.exe' : 'codex');
  },
};

export const geminiCli = ofNode('gemini', '@google/gemini-cli', 'bundle/gemini.js');
/** Its launcher, as users get it. */
export const qwenCli = ofNode('qwen', '@qwen-code/qwen-code', 'cli-entry.js');

export const piCli = ofNode('pi', '@earendil-works/pi-coding-agent', 'dist/bundle/cli.js');

export const opencodeCli: RealCli = {
  name: 'opencode',
  npmName: 'opencode-ai',
  version: pinned('opencode-ai'),
  // The package's own bin is put in place by an install script, which does not run here.
  locate: () => {
    const wrapper = realpathSync(join(clisFolder, 'node_modules/opencode-ai/package.json'));
    const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}${isMusl() ? '-musl' : ''}`;
    const manifest = createRequire(wrapper).resolve(`opencode-${platform}/package.json`);
    return join(manifest, '..', 'bin', process.platform === 'win32' ? 'opencode.exe' : 'opencode');
  },
};

/** Adapters of the protocol's makers, which start the CLIs above. */
export const claudeAgentAcp = ofNode('claude-agent-acp', '@agentclientprotocol/claude-agent-acp', 'dist/index.js');
export const codexAcp = ofNode('codex-acp', '@agentclientprotocol/codex-acp', 'dist/index.js');

export const realClis: readonly RealCli[] = [
  ...[claudeCli, geminiCli, qwenCli, codexCli, piCli, opencodeCli],
  ...[claudeAgentAcp, codexAcp],
];

/** A CLI that is a script of its package. */
function ofNode(name: string, npmName: string, script: string): RealCli {
  const locate = () => join(realpathSync(join(clisFolder, 'node_modules', npmName)), script);
  return { name, npmName, version: pinned(npmName), locate, interpreted: true };
}

function pinned(npmName: string): string {
  const manifest = JSON.parse(readFileSync(join(clisFolder, 'package.json'), 'utf8'));
  const version: unknown = manifest.dependencies?.[npmName];
  if (typeof version !== 'string') throw new Error(`${npmName} is not pinned in ${clisFolder}/package.json: add it`);
  return version;
}

function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const report = process.report.getReport() as { readonly header?: { readonly glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime === undefined;
}
