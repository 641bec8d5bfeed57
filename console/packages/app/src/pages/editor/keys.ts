import {
  addBranch,
  addCatch,
  addRule,
  type Direction,
  type Edited,
  everyState,
  neighbour,
  type Picture,
  remove,
  type Scope,
  type State,
  shift,
} from '@passo/graph';
import type { KeyboardEvent as ReactKey } from 'react';
import { singleKeys } from '../../shell/keyboard';
import type { EditorDocument } from './EditorDocument';

/** Changes the definition; the state that the change names is chosen. */
export type Change = (edit: (scope: Scope) => Edited, isTyping?: boolean) => void;

interface Canvas {
  readonly scope: Scope;
  readonly picture: Picture;
  readonly selected: string | undefined;
  readonly change: Change;
  readonly choose: (state: string | undefined) => void;
  /** Puts in what the palette has under a number. */
  readonly put: (number: number) => void;
  /** Asks where a line from a state leads. */
  readonly connect: (from: string) => void;
}

const DIRECTIONS: Readonly<Record<string, Direction>> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };

/** Keys in the picture. Every drag has one. */
export function canvasKey(event: ReactKey, canvas: Canvas): void {
  const action = actionOf(event, canvas);
  if (action === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  action();
}

function actionOf(event: ReactKey, canvas: Canvas): (() => void) | undefined {
  const { scope, picture, selected, change, choose, put, connect } = canvas;
  const { key } = event;
  const go = (direction: Direction) => () => {
    const next = neighbour(scope, picture, selected, direction);
    if (next !== undefined || direction === 'out') choose(next);
  };
  if (event.ctrlKey || event.metaKey) return undefined;
  const direction = DIRECTIONS[key];
  if (event.altKey) {
    const by = key === 'ArrowUp' || key === 'ArrowLeft' ? -1 : key === 'ArrowDown' || key === 'ArrowRight' ? 1 : undefined;
    return by === undefined || selected === undefined ? undefined : () => change((from) => shift(from, selected, by));
  }
  if (direction !== undefined) return go(direction);
  if (key === 'Enter' && event.shiftKey) return go('in');
  if (key === 'Escape') return go('out');
  if (selected !== undefined && (key === 'Delete' || key === 'Backspace')) return () => change((from) => remove(from, selected));
  if (key === 'Enter' && selected !== undefined && isOn(event, selected, picture)) return focusForm;
  if (!singleKeys()) return undefined;
  if (/^[1-9]$/.test(key)) return () => put(Number(key));
  if (key === 't') return () => document.querySelector<HTMLInputElement>('.edfind input')?.focus();
  if (key === 'n' && selected !== undefined) return () => connect(selected);
  if (key === 'c' && selected !== undefined) return () => change((from) => addWay(from, selected));
  return undefined;
}

/** Another way out of a state: a rule of a Choice, a branch of a Parallel that has a Catch, a Catch of any other. */
function addWay(scope: Scope, name: string): Edited {
  const type = typeOf(scope, name);
  if (type?.Type === 'Choice') return addRule(scope, name);
  if (type?.Type === 'Parallel' && type.Catch !== undefined) return addBranch(scope, name);
  return type?.Type === 'Task' || type?.Type === 'Parallel' || type?.Type === 'Map' ? addCatch(scope, name) : { scope, selected: name };
}

function typeOf(scope: Scope, name: string): State | undefined {
  for (const [other, state] of everyState(scope)) if (other === name) return state;
  return undefined;
}

/** Whether the key was pressed on the box of the state that is chosen. */
function isOn(event: ReactKey, selected: string, picture: Picture): boolean {
  const id = (event.target as HTMLElement).dataset.id;
  return picture.nodes.find((node) => node.id === id)?.name === selected;
}

function focusForm(): void {
  document.querySelector<HTMLElement>('.edform input, .edform textarea')?.focus();
}

/** Keys anywhere on the page: save, and steps back and forth where no field has its own. */
export function pageKey(event: KeyboardEvent, definition: EditorDocument, save: () => void): void {
  if (!(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  if (key === 's') {
    event.preventDefault();
    save();
    return;
  }
  const target = event.target as HTMLElement;
  if (target.isContentEditable || /^(INPUT|TEXTAREA)$/.test(target.tagName)) return;
  if (key === 'y' || (key === 'z' && event.shiftKey)) definition.redo();
  else if (key === 'z') definition.undo();
  else return;
  event.preventDefault();
}
