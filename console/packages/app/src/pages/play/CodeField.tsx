import { autocompletion, type Completion, type CompletionContext, closeBrackets, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { searchKeymap } from '@codemirror/search';
import { drawSelection, EditorView, keymap } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { offersAt } from './complete';
import { expressionColours, expressionLanguage } from './language';

interface CodeFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly kind: 'expression' | 'json';
  /** What the expression is about: its members are offered. */
  readonly input?: unknown;
  /** What is wrong, and where. */
  readonly fault?: { readonly position: number; readonly message: string } | undefined;
}

/** A field for code. `Tab` leaves it; what can be completed is offered while one types, and with Ctrl and space. */
export function CodeField({ label, value, onChange, kind, input, fault }: CodeFieldProps) {
  const frame = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const now = useRef({ onChange, input });
  now.current = { onChange, input };
  const begun = useRef(value);
  useEffect(() => {
    const made = new EditorView({
      doc: begun.current,
      extensions: [
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        kind === 'json' ? json() : expressionLanguage,
        syntaxHighlighting(expressionColours),
        ...(kind === 'json' ? [] : [autocompletion({ override: [(context) => complete(context, now.current.input)] })]),
        keymap.of([...defaultKeymap, ...historyKeymap, ...completionKeymap, ...searchKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) now.current.onChange(update.state.doc.toString());
        }),
      ],
    });
    view.current = made;
    frame.current?.append(made.dom);
    return () => made.destroy();
  }, [kind, label]);
  useEffect(() => {
    const shown = view.current?.state.doc.toString();
    begun.current = value;
    if (view.current !== undefined && shown !== value)
      view.current.dispatch({ changes: { from: 0, to: shown?.length ?? 0, insert: value } });
  }, [value]);
  useEffect(() => {
    if (view.current === undefined) return;
    const end = view.current.state.doc.length;
    const from = Math.max(0, Math.min(fault?.position ?? 0, end - 1));
    const diagnostics: Diagnostic[] =
      fault === undefined ? [] : [{ from, to: Math.min(end, from + 1), severity: 'error', message: fault.message }];
    view.current.dispatch(setDiagnostics(view.current.state, diagnostics));
  }, [fault]);
  return <div className={kind === 'json' ? 'playcode codeframe tall' : 'playcode codeframe'} ref={frame} />;
}

function complete(context: CompletionContext, input: unknown) {
  const line = context.state.doc.sliceString(0, context.pos);
  const found = offersAt(line, input);
  if (found === undefined || found.offers.length === 0) return null;
  return {
    from: found.from,
    options: found.offers.map(
      ({ label, detail, kind }): Completion => ({
        label,
        type: kind,
        ...(detail !== undefined && { detail }),
        ...(kind === 'function' && { apply: `${label}(` }),
      }),
    ),
    validFor: /^[`$\w.]*$/,
  };
}
