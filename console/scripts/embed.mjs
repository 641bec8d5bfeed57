// Puts the built console, compressed, where the server's build takes it from: crates/console/assets.
//
//   node scripts/embed.mjs           writes it
//   node scripts/embed.mjs --check   only compares, and fails where what is committed is not what the sources build
//
// Contents are compared, not compressed bytes: another version of Node may compress differently.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const built = join(here, '../packages/app/dist');
const committed = join(here, '../../crates/console/assets');

/** Compressed bytes that a browser needs before it shows the list of executions, and of everything together. */
const FIRST_VIEW_MAX = 500_000;
const TOTAL_MAX = 800_000;
/** What comes later than the first view: the pages of an execution and of the editor, and what only they need. */
const LATER =
  /(codemirror|xyflow|worker|Graph|usePicture|ExecutionPage|Edit|MapRunPage|PlayPage|TestPage|ApprovalsPage|WorkflowPage|SettingsPage|FailuresPage)/;

function filesOf(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => relative(folder, file)).sort();
}

const compress = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });

function check() {
  const wanted = new Map(filesOf(built).map((file) => [`${file}.br`, file]));
  const found = filesOf(committed).filter((file) => file.endsWith('.br'));
  const wrong = [
    ...[...wanted.keys()].filter((file) => !found.includes(file)).map((file) => `missing: ${file}`),
    ...found.filter((file) => !wanted.has(file)).map((file) => `left over: ${file}`),
    ...found
      .filter(
        (file) =>
          wanted.has(file) &&
          !brotliDecompressSync(readFileSync(join(committed, file))).equals(readFileSync(join(built, wanted.get(file)))),
      )
      .map((file) => `other content: ${file}`),
  ];
  if (wrong.length > 0) {
    console.error(`crates/console/assets is not what console/ builds: run cargo xtask console\n${wrong.join('\n')}`);
    process.exit(1);
  }
}

function write() {
  const wanted = new Set(filesOf(built).map((file) => `${file}.br`));
  for (const file of filesOf(committed)) if (!wanted.has(file) && file.endsWith('.br')) rmSync(join(committed, file));
  for (const file of filesOf(built)) {
    const target = join(committed, `${file}.br`);
    const bytes = readFileSync(join(built, file));
    // What has not changed keeps its bytes, whichever Node has made them.
    if (existsSync(target) && brotliDecompressSync(readFileSync(target)).equals(bytes)) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, compress(bytes));
  }
}

function weigh() {
  const sizes = filesOf(committed).map((file) => ({ file, bytes: readFileSync(join(committed, file)).length }));
  const sum = (list) => list.reduce((total, { bytes }) => total + bytes, 0);
  const total = sum(sizes);
  const first = sum(sizes.filter(({ file }) => !LATER.test(file)));
  console.log(`console: ${total} bytes compressed, ${first} of them for the first view`);
  if (total > TOTAL_MAX || first > FIRST_VIEW_MAX) {
    console.error(`too much: at most ${TOTAL_MAX}, and ${FIRST_VIEW_MAX} for the first view`);
    process.exit(1);
  }
}

if (process.argv.includes('--check')) check();
else write();
weigh();
