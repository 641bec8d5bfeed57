import type { ChoiceRule, Scope } from '../asl';
import type { EdgeKind } from './types';

export interface PlainEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  readonly label?: string;
  /** Which of a state's rules or catchers it is. */
  readonly rule?: number;
}

const LABEL_CHARACTERS = 26;

/** Where one can go inside a scope. The empty name is its start (`from`) or its end (`to`). Targets that do not exist are left out. */
export function edgesOf(scope: Scope): PlainEdge[] {
  const edges: PlainEdge[] = [];
  const add = (from: string, to: string | undefined, kind: EdgeKind, label?: string, rule?: number) => {
    if (to === undefined || (to !== '' && !Object.hasOwn(scope.States, to))) return;
    edges.push({ from, to, kind, ...(label !== undefined && { label }), ...(rule !== undefined && { rule }) });
  };
  add('', scope.StartAt, 'next');
  for (const [name, state] of Object.entries(scope.States)) {
    if (state.Type === 'Choice') {
      (state.Choices ?? []).forEach((rule, index) => {
        add(name, rule.Next, 'choice', labelOfRule(rule), index);
      });
      add(name, state.Default, 'default', 'Default');
    } else {
      add(name, state.Next, 'next');
    }
    if (state.End === true || state.Type === 'Succeed' || state.Type === 'Fail') add(name, '', 'next');
    (state.Catch ?? []).forEach((rule, index) => {
      add(name, rule.Next, 'catch', shorten((rule.ErrorEquals ?? []).join(', ')), index);
    });
  }
  return edges;
}

/** What a choice asks, in a few characters. */
export function labelOfRule(rule: ChoiceRule): string {
  if (typeof rule.Condition === 'string') {
    const inner = rule.Condition.replace(/^\{%\s*|\s*%\}$/g, '');
    return shorten(inner.replaceAll('$states.input.', ''));
  }
  for (const word of ['And', 'Or'] as const) {
    const rules = rule[word];
    if (Array.isArray(rules)) return shorten(rules.map((inner: ChoiceRule) => labelOfRule(inner)).join(` ${word.toLowerCase()} `));
  }
  if (typeof rule.Not === 'object' && rule.Not !== null) return shorten(`not ${labelOfRule(rule.Not as ChoiceRule)}`);
  const comparison = Object.keys(rule).find((key) => !['Next', 'Variable', 'Comment', 'Assign', 'Output'].includes(key));
  const variable = (rule.Variable ?? '').replace(/^\$\./, '');
  return comparison === undefined ? shorten(variable) : shorten(`${variable} ${operator(comparison)} ${operand(rule[comparison])}`);
}

function operator(comparison: string): string {
  if (comparison.startsWith('Is')) return comparison.replace(/^Is/, 'is ').toLowerCase();
  const known: Record<string, string> = {
    Equals: '=',
    LessThan: '<',
    GreaterThan: '>',
    LessThanEquals: '≤',
    GreaterThanEquals: '≥',
    Matches: '~',
  };
  return known[comparison.replace(/^(String|Numeric|Boolean|Timestamp)/, '').replace(/Path$/, '')] ?? comparison;
}

function operand(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function shorten(text: string): string {
  return text.length > LABEL_CHARACTERS ? `${text.slice(0, LABEL_CHARACTERS - 1)}…` : text;
}
