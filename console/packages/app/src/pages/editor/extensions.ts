import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import type { Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Scope } from '@passo/graph';
import { complete } from './complete';

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--j-k)' },
  { tag: tags.string, color: 'var(--j-s)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--j-n)' },
]);

/** What the code editor can do. `Tab` moves on until one presses `Esc` and writes; see the label. */
export function extensions(label: string, lastValid: () => Scope | undefined, onCaret: (position: number) => void): Extension {
  return [
    lineNumbers(),
    foldGutter(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    syntaxHighlighting(colours),
    json(),
    autocompletion({ override: [(context) => complete(context, lastValid)] }),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    EditorView.updateListener.of((update) => {
      if (update.selectionSet && update.view.hasFocus && !update.docChanged) onCaret(update.state.selection.main.head);
    }),
  ];
}
