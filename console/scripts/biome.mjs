// Runs Biome's own program. Its npm package of all platforms cannot be locked where the registry has only some of them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL(`../node_modules/@biomejs/cli-${process.platform}-${process.arch}/biome`, import.meta.url));
if (!existsSync(program)) {
  console.error(`style is not checked: add @biomejs/cli-${process.platform}-${process.arch} to optionalDependencies`);
  process.exit(1);
}
process.exit(spawnSync(program, process.argv.slice(2), { stdio: 'inherit' }).status ?? 1);
