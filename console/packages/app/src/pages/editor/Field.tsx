import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import Textarea from '@cloudscape-design/components/textarea';
import { COMPARISONS, type FieldSpec } from '@passo/graph';
import { useEffect, useState } from 'react';
import { useText } from '../../text';
import { Fields } from './Fields';

export interface FieldProps {
  readonly spec: FieldSpec;
  readonly value: unknown;
  /** The states that one may go to. */
  readonly targets: readonly string[];
  readonly onChange: (value: unknown) => void;
  /** Adds to a list, where that is more than an empty object. */
  readonly onAdd?: ((field: string) => boolean) | undefined;
}

type Value = Readonly<Record<string, unknown>>;

/** One field of the language, as its kind wants it. An empty one is not in the definition. */
export function Field(props: FieldProps) {
  const { spec, value, targets, onChange } = props;
  switch (spec.kind) {
    case 'list':
      return <List {...props} />;
    case 'object':
      return (
        <fieldset className="edobject">
          <legend>{spec.name}</legend>
          <Fields
            specs={spec.fields ?? []}
            value={objectOf(value)}
            targets={targets}
            onChange={(next) => onChange(isEmpty(next) ? undefined : next)}
          />
        </fieldset>
      );
    case 'json':
      return <JsonValue {...props} />;
    case 'comparison':
      return null;
    case 'one':
    case 'target':
      return <Choice spec={spec} value={value} options={spec.options ?? targets} onChange={onChange} />;
    default:
      return (
        <FormField label={spec.name} stretch>
          <Line {...props} />
        </FormField>
      );
  }
}

function Line({ spec, value, onChange }: FieldProps) {
  const { text } = useText();
  const written = Array.isArray(value) ? value.join(', ') : typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const [typed, type] = useState(written);
  useEffect(() => type((now) => (same(read(spec, now), value) ? now : written)), [spec, value, written]);
  return (
    <Input
      value={typed}
      ariaLabel={spec.name}
      spellcheck={false}
      {...(spec.kind === 'errors' && { placeholder: text.editor.errorsHint })}
      onChange={(event) => {
        type(event.detail.value);
        onChange(read(spec, event.detail.value));
      }}
    />
  );
}

function read(spec: FieldSpec, typed: string): unknown {
  const plain = typed.trim();
  if (plain === '') return undefined;
  if (spec.kind === 'number') return Number.isFinite(Number(plain)) ? Number(plain) : plain;
  if (spec.kind === 'errors') {
    return plain
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
  }
  return typed;
}

function Choice({
  spec,
  value,
  options,
  onChange,
}: {
  readonly spec: FieldSpec;
  readonly value: unknown;
  readonly options: readonly string[];
  readonly onChange: (value: unknown) => void;
}) {
  const { text } = useText();
  const chosen = typeof value === 'string' ? value : '';
  const all = chosen === '' || options.includes(chosen) ? options : [chosen, ...options];
  return (
    <FormField label={spec.name} stretch>
      <Select
        ariaLabel={spec.name}
        selectedOption={{ value: chosen, label: chosen === '' ? text.editor.none : chosen }}
        options={[{ value: '', label: text.editor.none }, ...all.map((option) => ({ value: option, label: option }))]}
        expandToViewport
        filteringType={options.length > 12 ? 'auto' : 'none'}
        onChange={(event) => onChange(event.detail.selectedOption.value === '' ? undefined : event.detail.selectedOption.value)}
      />
    </FormField>
  );
}

function JsonValue({ spec, value, onChange }: FieldProps) {
  const { text } = useText();
  const written = shown(value);
  const [typed, type] = useState(written);
  useEffect(() => type((now) => (same(readJson(now)?.value, value) ? now : written)), [value, written]);
  const isWrong = readJson(typed) === undefined;
  return (
    <FormField label={spec.name} stretch errorText={isWrong ? text.editor.notJson : undefined}>
      <div className="mono">
        <Textarea
          value={typed}
          ariaLabel={spec.name}
          spellcheck={false}
          rows={Math.min(12, Math.max(2, typed.split('\n').length))}
          onChange={(event) => {
            type(event.detail.value);
            const found = readJson(event.detail.value);
            if (found !== undefined) onChange(found.value);
          }}
        />
      </div>
    </FormField>
  );
}

/** JSON, or an expression as it stands. */
function readJson(typed: string): { readonly value: unknown } | undefined {
  const plain = typed.trim();
  if (plain === '') return { value: undefined };
  if (/^\{%[\s\S]*%\}$/.test(plain)) return { value: plain };
  try {
    return { value: JSON.parse(plain) as unknown };
  } catch {
    return undefined;
  }
}

function shown(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' && /^\{%[\s\S]*%\}$/.test(value) ? value : JSON.stringify(value, null, 2);
}

function List({ spec, value, targets, onChange, onAdd }: FieldProps) {
  const { text } = useText();
  const items = Array.isArray(value) ? (value as Value[]) : [];
  const set = (next: readonly Value[]) => onChange(next.length === 0 ? undefined : next);
  const add = () => {
    if (onAdd?.(spec.name) === true) return;
    set([...items, { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 }]);
  };
  return (
    <fieldset className="edlist">
      <legend>{spec.name}</legend>
      {items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: items have no other name.
        <fieldset className="edobject" key={index}>
          <legend>{index + 1}</legend>
          <span className="edtools">
            <Button
              variant="icon"
              iconName="angle-up"
              disabled={index === 0}
              ariaLabel={text.editor.earlierItem(spec.name, index + 1)}
              onClick={() => set(items.map((one, at) => (at === index ? (items[index - 1] ?? one) : at === index - 1 ? item : one)))}
            />
            <Button
              variant="icon"
              iconName="remove"
              ariaLabel={text.editor.removeItem(spec.name, index + 1)}
              onClick={() => set(items.filter((_, at) => at !== index))}
            />
          </span>
          {spec.fields?.some((one) => one.kind === 'comparison') === true && (
            <Comparison rule={item} onChange={(next) => set(items.map((one, at) => (at === index ? next : one)))} />
          )}
          <Fields
            specs={spec.fields ?? []}
            value={item}
            targets={targets}
            onChange={(next) => set(items.map((one, at) => (at === index ? next : one)))}
          />
        </fieldset>
      ))}
      <Button iconName="add-plus" onClick={add}>
        {text.editor.addItem(spec.name)}
      </Button>
    </fieldset>
  );
}

const NOT_COMPARED = new Set(['Next', 'Assign', 'Output', 'Comment']);

/** A rule of JSONPath: one comparison, or several joined, as JSON. */
function Comparison({ rule, onChange }: { readonly rule: Value; readonly onChange: (rule: Value) => void }) {
  const { text } = useText();
  const kept = Object.fromEntries(Object.entries(rule).filter(([name]) => NOT_COMPARED.has(name)));
  const asked = Object.fromEntries(Object.entries(rule).filter(([name]) => !NOT_COMPARED.has(name)));
  const operator = Object.keys(asked).find((name) => COMPARISONS.includes(name));
  if (operator === undefined) {
    const set = (value: unknown) => onChange({ ...objectOf(value), ...kept });
    return <JsonValue spec={{ name: text.editor.comparison, kind: 'json' }} value={asked} targets={[]} onChange={set} />;
  }
  const Variable = asked.Variable;
  const value = asked[operator];
  return (
    <div className="edfields">
      <Field
        spec={{ name: text.editor.variable, kind: 'text' }}
        value={Variable}
        targets={[]}
        onChange={(next) => onChange({ ...rule, Variable: next ?? '' })}
      />
      <Choice
        spec={{ name: text.editor.comparison, kind: 'one' }}
        value={operator}
        options={COMPARISONS}
        onChange={(next) => onChange({ Variable, [String(next ?? operator)]: fitting(String(next ?? operator), value), ...kept })}
      />
      <JsonValue
        spec={{ name: text.editor.value, kind: 'json' }}
        value={value}
        targets={[]}
        onChange={(next) => onChange({ Variable, [operator]: next ?? null, ...kept })}
      />
    </div>
  );
}

/** A value of the kind that a comparison takes: the one that is there, where it fits. */
function fitting(operator: string, value: unknown): unknown {
  if (operator.endsWith('Path')) return typeof value === 'string' && value.startsWith('$') ? value : '$.other';
  if (operator.startsWith('Is') || operator.startsWith('Boolean')) return typeof value === 'boolean' ? value : true;
  if (operator.startsWith('Numeric')) return typeof value === 'number' ? value : 0;
  if (operator.startsWith('Timestamp')) return typeof value === 'string' ? value : '2030-01-01T00:00:00Z';
  return typeof value === 'string' ? value : '';
}

export function objectOf(value: unknown): Value {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Value) : {};
}

function isEmpty(value: Value): boolean {
  return Object.keys(value).length === 0;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
