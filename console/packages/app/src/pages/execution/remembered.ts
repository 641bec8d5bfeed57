/** The input that was last given to a workflow from this browser. */
const KEY = 'passo.inputs';
/** Workflows that are remembered, and characters of an input. */
const WORKFLOWS_MAX = 20;
const CHARACTERS_MAX = 20_000;

type Inputs = Readonly<Record<string, string>>;

/** The workflows' last inputs, the newest last; empty where nothing can be read. */
function read(storage: Storage): Inputs {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? (kept as Inputs) : {};
  } catch {
    return {};
  }
}

/** The last input of a workflow. */
export function remembered(workflow: string, storage: Storage = localStorage): string | undefined {
  const input: unknown = read(storage)[workflow];
  return typeof input === 'string' ? input : undefined;
}

/** Remembers an input, unless it is large. */
export function remember(workflow: string, input: string, storage: Storage = localStorage): void {
  if (input.length > CHARACTERS_MAX) return;
  const others = Object.entries(read(storage)).filter(([name]) => name !== workflow);
  const kept = [...others.slice(1 - WORKFLOWS_MAX), [workflow, input]];
  try {
    storage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // A browser that keeps nothing remembers nothing.
  }
}
