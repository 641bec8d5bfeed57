import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { syntaxTree } from '@codemirror/language';
import {
  ERROR_NAMES,
  type FieldSpec,
  fieldsOf,
  languageOf,
  MACHINE_FIELDS,
  PALETTE,
  readDefinition,
  type Scope,
  type StateType,
} from '@passo/graph';
import { pathAt } from './locate';

const TYPES = ['Task', 'Choice', 'Parallel', 'Map', 'Pass', 'Wait', 'Succeed', 'Fail'];
const RESOURCES = [...new Set(PALETTE.map((item) => item.make('JSONata').Resource).filter((one) => typeof one === 'string'))];

/** Offers what may stand at a place: fields of the state, names of states and errors, values of a field. */
export function complete(context: CompletionContext, lastValid: () => Scope | undefined): CompletionResult | null {
  const text = context.state.doc.toString();
  const word = context.matchBefore(/"[^"\n]*/) ?? context.matchBefore(/\w+/);
  if (word === null && !context.explicit) return null;
  const from = word?.from ?? context.pos;
  const isQuoted = word?.text.startsWith('"') === true;
  const path = pathAt(text, syntaxTree(context.state), from);
  const isValue = /:\s*$|\[\s*$|\[[^\]{}]*,\s*$/.test(
    text
      .slice(Math.max(0, from - 200), from)
      .split('{')
      .at(-1) ?? '',
  );
  const scope = readDefinition(text) ?? lastValid();
  const options = isValue ? values(path, scope) : fields(path, text, from, scope);
  if (options.length === 0) return null;
  const closes = isQuoted && text[context.pos] === '"';
  return {
    from,
    to: closes ? context.pos + 1 : context.pos,
    options: options.map((label): Completion => {
      const type = isValue ? 'constant' : 'property';
      return { label: `"${label}"`, displayLabel: label, type, apply: isValue ? JSON.stringify(label) : `${JSON.stringify(label)}: ` };
    }),
    validFor: /^"?[^"\n]*$/,
  };
}

function values(path: readonly string[], scope: Scope | undefined): readonly string[] {
  const name = path.findLast((one) => one !== '[]');
  switch (name) {
    case 'Next':
    case 'Default':
    case 'StartAt':
      return scope === undefined ? [] : Object.keys(innermost(scope, path).States);
    case 'Type':
      return TYPES;
    case 'ErrorEquals':
      return ERROR_NAMES;
    case 'Resource':
      return RESOURCES as string[];
    default:
      return optionsOf(name);
  }
}

/** The values of a field that has few, wherever it stands. */
function optionsOf(name: string | undefined): readonly string[] {
  const every = TYPES.flatMap((type) => fieldsOf(type as StateType, 'JSONata')).concat(MACHINE_FIELDS);
  const search = (fields: readonly FieldSpec[]): readonly string[] =>
    fields.find((one) => one.name === name && one.options !== undefined)?.options ??
    fields.flatMap((one) => one.fields ?? []).find((one) => one.name === name && one.options !== undefined)?.options ??
    [];
  return name === 'Mode' ? ['INLINE', 'DISTRIBUTED'] : name === 'ExecutionType' ? ['STANDARD', 'EXPRESS'] : search(every);
}

function fields(path: readonly string[], text: string, from: number, scope: Scope | undefined): readonly string[] {
  const [last, before] = [path.at(-1), path.at(-2)];
  if (last === 'States') return [];
  if (last === undefined || last === 'ItemProcessor' || (last === '[]' && before === 'Branches')) {
    return last === undefined ? [...MACHINE_FIELDS.map((one) => one.name), 'States'] : ['ProcessorConfig', 'StartAt', 'States', 'Comment'];
  }
  const at = path.lastIndexOf('States');
  if (at < 0) return [];
  // The type stands in the text around; while one writes, the rest of the state may be unreadable.
  const type = TYPES.find((one) => new RegExp(`"Type"\\s*:\\s*"${one}"`).test(stateText(text, from))) ?? 'Task';
  const language = scope === undefined ? 'JSONPath' : languageOf(scope);
  const inState = path.slice(at + 2).filter((one) => one !== '[]');
  let known: readonly FieldSpec[] = fieldsOf(type as StateType, language);
  for (const name of inState) known = known.find((one) => one.name === name)?.fields ?? [];
  return inState.length === 0 ? ['Type', ...known.map((one) => one.name), 'End'] : known.map((one) => one.name);
}

/** The text of the object around a place, as well as braces tell. */
function stateText(text: string, at: number): string {
  let depth = 0;
  let start = at;
  while (start > 0 && depth < 1) {
    start -= 1;
    if (text[start] === '}') depth -= 1;
    if (text[start] === '{') depth += 1;
  }
  depth = 0;
  let end = at;
  while (end < text.length && depth > -1) {
    if (text[end] === '{') depth += 1;
    if (text[end] === '}') depth -= 1;
    end += 1;
  }
  return text.slice(start, end);
}

function innermost(scope: Scope, path: readonly string[]): Scope {
  let found = scope;
  for (let index = 0; index < path.length; index += 1) {
    if (path[index] !== 'States') continue;
    const state = found.States[path[index + 1] ?? ''];
    const inner =
      state?.ItemProcessor ??
      state?.Branches?.find((branch) => Object.hasOwn(branch.States, path[path.indexOf('States', index + 2) + 1] ?? ''));
    if (inner === undefined || !path.includes('States', index + 2)) return found;
    found = inner;
  }
  return found;
}
