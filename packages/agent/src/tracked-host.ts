import type { Child, Host } from '@pawl/provider';

/** A host that remembers what was started through it, so that nothing outlives a turn whatever its adapter does. */
export function trackHost(host: Host): { readonly host: Host; stopAll(): Promise<void> } {
  const running = new Set<Child>();
  const files = host.files?.bind(host);
  const readHead = host.readHead?.bind(host);
  const appendLine = host.appendLine?.bind(host);
  const readLines = host.readLines?.bind(host);
  let closed = false;
  return {
    host: {
      env: host.env,
      spawn(command) {
        const child = host.spawn(command);
        running.add(child);
        void child.exit.then(() => running.delete(child));
        if (closed) void child.stop();
        return child;
      },
      readFile: (path) => host.readFile(path),
      listFolder: (path) => host.listFolder(path),
      log: (level, message) => host.log(level, message),
      ...(files ? { files } : {}),
      ...(readHead ? { readHead } : {}),
      ...(appendLine ? { appendLine } : {}),
      ...(readLines ? { readLines } : {}),
    },
    async stopAll() {
      closed = true;
      await Promise.all([...running].map((child) => child.stop()));
    },
  };
}
