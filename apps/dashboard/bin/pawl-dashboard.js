#!/usr/bin/env node
// Checked before anything else is loaded: an older Node would fail on an import with a message that helps nobody.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `pawl-dashboard needs Node 22.18 or newer; this is ${process.versions.node}. Install one from https://nodejs.org and try again.\n`,
  );
  process.exit(5);
}
const { start } = await import(new URL('../dist/server/start.js', import.meta.url).href);
await start(process.argv.slice(2));
