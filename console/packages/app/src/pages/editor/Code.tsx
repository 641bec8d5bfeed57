import { useEffect, useRef } from 'react';
import type { EditorDocument } from './EditorDocument';

/** The definition's text. */
export function Code({ document }: { readonly document: EditorDocument }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    frame.current?.append(document.view.dom);
    document.view.requestMeasure();
    return () => document.view.dom.remove();
  }, [document]);
  return <div className="codeframe" ref={frame} />;
}
