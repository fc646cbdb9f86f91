import { escapeHtml } from './escape.ts';

/**
 * One file that needs nothing else: no script, no font, no address is loaded, and the page itself forbids it. Dark and
 * light as the reader's system has it. `body` is HTML.
 */
export function htmlPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

const style = `
:root { --ink: #1d2125; --soft: #5c6670; --paper: #ffffff; --panel: #f4f6f8; --line: #dde2e7;
  --passed: #1a7f37; --failed: #c62828; --stopped: #8a6100; --running: #0b6bcb; --pending: #7a848e; --skipped: #7a848e;
  --agent: #3b6fd4; --gates: #1f9d7a; --git: #8e6bd1; --waiting: #d29a17; --stood: #b5bdc5; --pawl: #7a848e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #9aa4ae; --paper: #14171a; --panel: #1d2125; --line: #30363c;
  --passed: #4ac26b; --failed: #ff7b72; --stopped: #e3b341; --running: #6cb6ff; --pending: #8b949e; --skipped: #8b949e;
  --agent: #6c9bf5; --gates: #3fc39b; --git: #b08df0; --waiting: #e3b341; --stood: #4a525a; --pawl: #9aa4ae; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 24px 20px 60px; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 36px 0 10px; }
p { margin: 6px 0; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.passed { color: var(--passed); } .failed { color: var(--failed); } .stopped { color: var(--stopped); }
.running { color: var(--running); } .pending, .skipped { color: var(--pending); }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 10px; margin: 18px 0; padding: 0; }
.tiles div { background: var(--panel); border-radius: 8px; padding: 10px 12px; }
.tiles dt { color: var(--soft); font-size: .82rem; } .tiles dd { margin: 2px 0 0; font-weight: 600; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; color: var(--soft); font-weight: 500; } th.right, td.right { text-align: right; font-variant-numeric: tabular-nums; }
th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: break-word; } th, td.right, td.mark { white-space: nowrap; }
pre { background: var(--panel); border-radius: 8px; padding: 10px 12px; overflow-x: auto; font: .85rem/1.45 ui-monospace, monospace; }
ul { padding-left: 20px; } .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 0; list-style: none; font-size: .85rem; }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; }
svg { display: block; width: 100%; min-width: 640px; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }
svg .soft { fill: var(--soft); } svg .grid { stroke: var(--line); } svg .row { fill: var(--panel); }
.f-agent { fill: var(--agent); background: var(--agent); } .f-gates { fill: var(--gates); background: var(--gates); }
.f-git { fill: var(--git); background: var(--git); } .f-waiting { fill: var(--waiting); background: var(--waiting); }
.f-stood { fill: var(--stood); background: var(--stood); } .f-pawl { fill: var(--pawl); background: var(--pawl); }
.f-failed { fill: var(--failed); background: var(--failed); }
@media print { main { max-width: none; } }
`;
