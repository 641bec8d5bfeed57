import { isolateHistory, redo, redoDepth, undo, undoDepth } from '@codemirror/commands';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { type Edited, readDefinition, type Scope } from '@passo/graph';

/** What of a document the page shows. */
export interface Snapshot {
  readonly text: string;
  /** The definition as it was when its text could last be read. */
  readonly scope: Scope | undefined;
  readonly isValid: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/**
 * A definition that is edited: its text is the truth, and there is one history of changes.
 *
 * A change in the picture or in a form is a change of the text; where the text cannot be read, it is one of the last text that could.
 */
export class EditorDocument {
  readonly view: EditorView;
  readonly #listeners = new Set<() => void>();
  #snapshot: Snapshot;

  constructor(text: string, extensions: Extension) {
    const changed = EditorView.updateListener.of((update) => update.docChanged && this.#read());
    this.view = new EditorView({ doc: text, extensions: [extensions, changed] });
    const scope = readDefinition(text);
    this.#snapshot = { text, scope, isValid: scope !== undefined, canUndo: false, canRedo: false };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Snapshot => this.#snapshot;

  /** Changes the definition; the state to look at next. Changes of one field in quick succession are one step back. */
  apply(change: (scope: Scope) => Edited, isTyping = false): string | undefined {
    const { scope } = this.#snapshot;
    if (scope === undefined) return undefined;
    const edited = change(scope);
    if (edited.scope !== scope) this.write(JSON.stringify(edited.scope, null, 2), isTyping);
    return edited.selected;
  }

  /** Puts another text in place, as the smallest change that does it. */
  write(text: string, isTyping = false): void {
    const before = this.#snapshot.text;
    let from = 0;
    while (from < before.length && from < text.length && before[from] === text[from]) from += 1;
    let kept = 0;
    while (kept < before.length - from && kept < text.length - from && before.at(-1 - kept) === text.at(-1 - kept)) kept += 1;
    if (from === before.length && from === text.length) return;
    this.view.dispatch({
      changes: { from, to: before.length - kept, insert: text.slice(from, text.length - kept) },
      userEvent: isTyping ? 'input.type' : 'input',
      ...(!isTyping && { annotations: isolateHistory.of('full') }),
    });
  }

  undo(): void {
    undo(this.view);
  }

  redo(): void {
    redo(this.view);
  }

  #read(): void {
    const { state } = this.view;
    const text = state.doc.toString();
    const scope = readDefinition(text);
    this.#snapshot = {
      text,
      scope: scope ?? this.#snapshot.scope,
      isValid: scope !== undefined,
      canUndo: undoDepth(state) > 0,
      canRedo: redoDepth(state) > 0,
    };
    for (const listener of this.#listeners) listener();
  }
}
