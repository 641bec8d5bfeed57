import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

/** What the address of the list of executions holds. */
export interface ExecutionFilter {
  readonly status?: string;
  readonly workflow?: string;
  readonly name?: string;
  readonly error?: string;
  /** What the input and the output hold: `$.path=value`, or a text. */
  readonly input?: string;
  readonly output?: string;
  /** `1h`, `24h`, `7d`, or a time in ISO 8601. */
  readonly since?: string;
  readonly until?: string;
}

const KEYS = ['status', 'workflow', 'name', 'error', 'input', 'output', 'since', 'until'] as const;

/** Reads a filter from an address; what it does not know is left out. */
export function readFilter(search: Record<string, unknown>): ExecutionFilter {
  const known = KEYS.map((key) => [key, search[key]] as const).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(known.map(([key, value]) => [key, String(value)]));
}

/** Properties that may have several values. */
const SEVERAL: ReadonlySet<string> = new Set(['status', 'workflow']);

/** A filter as the tokens of a property filter. Several values of one property are separated by commas. */
export function toTokens(filter: ExecutionFilter): PropertyFilterProps.Token[] {
  return KEYS.flatMap((propertyKey) => {
    const value = filter[propertyKey];
    if (value === undefined) return [];
    const values = SEVERAL.has(propertyKey) ? value.split(',') : [value];
    return values.map((one) => ({ propertyKey, operator: operatorOf(propertyKey), value: one }));
  });
}

export function operatorOf(key: string): PropertyFilterProps.ComparisonOperator {
  switch (key) {
    case 'name':
    case 'error':
    case 'input':
    case 'output':
      return ':';
    case 'since':
      return '>=';
    case 'until':
      return '<';
    default:
      return '=';
  }
}

/** Tokens as a filter. A word without a property is part of a name. */
export function fromTokens(tokens: readonly PropertyFilterProps.Token[]): ExecutionFilter {
  const found: Record<string, string> = {};
  for (const { propertyKey = 'name', value } of tokens) {
    const before = found[propertyKey];
    found[propertyKey] = before !== undefined && SEVERAL.has(propertyKey) ? `${before},${value}` : String(value);
  }
  return readFilter(found);
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time of a filter in ISO 8601: as it is, or so long before `now`. */
export function timeOf(text: string | undefined, now: number): string | undefined {
  if (text === undefined) return undefined;
  const [, number, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  if (number !== undefined && unit !== undefined) {
    return new Date(now - Number(number) * (UNITS[unit] ?? 0)).toISOString();
  }
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
