import { isAdapter, matches, type Room, roomFor } from '../rooms.ts';
import type { WorkspacePackage } from '../tree.ts';

const installScripts = ['preinstall', 'install', 'postinstall', 'prepare'];

/** Every package has its row in the table, depends on what the row allows, and runs nothing when it is installed. */
export function checkManifests(packages: readonly WorkspacePackage[], rooms: readonly Room[]): readonly string[] {
  const ours = new Map(packages.map((one) => [one.manifest.name, one]));
  const missing = rooms
    .filter((room) => !packages.some((one) => matches(room.folder, one.folder)))
    .map((room) => `ARCHITECTURE.md: no folder ${room.folder} is there: take its row out of the table.`);
  return [...missing, ...packages.flatMap((one) => checkManifest(one, rooms, ours))];
}

function checkManifest(
  one: WorkspacePackage,
  rooms: readonly Room[],
  ours: ReadonlyMap<string, WorkspacePackage>,
): readonly string[] {
  const { folder, manifest } = one;
  const room = roomFor(rooms, folder);
  if (!room) return [`${folder}: it has no row in the table of ARCHITECTURE.md: add one that says what it may import.`];
  const found: string[] = [];
  if (!matches(room.name, manifest.name)) {
    found.push(
      `${folder}/package.json: its name is ${manifest.name}, the table says ${room.name}: make them the same.`,
    );
  }
  const shipped = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  for (const name of Object.keys(shipped)) {
    if (!ours.has(name) || room.imports === 'everything' || room.imports.has(name)) continue;
    found.push(
      `${folder}/package.json: it may not depend on ${name}: remove it, or change its row in ARCHITECTURE.md.`,
    );
  }
  for (const name of Object.keys({ ...shipped, ...manifest.devDependencies })) {
    const target = ours.get(name);
    // An app may bring another one along, built, and start it.
    if (target?.folder.startsWith('apps/') && !(folder.startsWith('apps/') && !(name in shipped))) {
      found.push(`${folder}/package.json: nobody depends on an app: move what ${name} has for you into a package.`);
    }
    const targetRoom = target && roomFor(rooms, target.folder);
    if (isAdapter(room) && targetRoom && isAdapter(targetRoom)) {
      found.push(
        `${folder}/package.json: adapters do not know each other: remove ${name}; what both need is provider-kit's.`,
      );
    }
  }
  if (manifest.private !== true) {
    for (const script of installScripts.filter((name) => manifest.scripts?.[name] !== undefined)) {
      found.push(`${folder}/package.json: a published package runs nothing on install: remove the script ${script}.`);
    }
  }
  return found;
}
