import type { Scope } from './asl';

export type WayKind = 'next' | 'choice' | 'default' | 'catch';

export interface Way {
  readonly from: string;
  readonly to: string;
  readonly kind: WayKind;
  /** Which of a state's rules or catchers it is. */
  readonly rule?: number;
}

/** Where one can go inside a scope. The empty name is its start (`from`) or its end (`to`). Targets that do not exist are left out. */
export function waysOf(scope: Scope): Way[] {
  const ways: Way[] = [];
  const add = (from: string, to: string | undefined, kind: WayKind, rule?: number) => {
    if (to === undefined || (to !== '' && !Object.hasOwn(scope.States, to))) return;
    ways.push({ from, to, kind, ...(rule !== undefined && { rule }) });
  };
  add('', scope.StartAt, 'next');
  for (const [name, state] of Object.entries(scope.States)) {
    if (state.Type === 'Choice') {
      (state.Choices ?? []).forEach((rule, index) => {
        add(name, rule.Next, 'choice', index);
      });
      add(name, state.Default, 'default');
    } else {
      add(name, state.Next, 'next');
    }
    if (state.End === true || state.Type === 'Succeed' || state.Type === 'Fail') add(name, '', 'next');
    (state.Catch ?? []).forEach((rule, index) => {
      add(name, rule.Next, 'catch', index);
    });
  }
  return ways;
}
