import Button from '@cloudscape-design/components/button';
import { memo, useMemo, useState } from 'react';
import { useText } from '../text';
import { Copy } from './Copy';
import { type DiffLine, diff, type LineKind, pretty, tokens } from './json';

/** Lines that are drawn at first; the rest on demand. */
const LINES = 400;

interface JsonProps {
  readonly text: string;
  readonly label: string;
}

/** A payload, as text and nothing but text: whatever it holds, it is not run. */
export function Json({ text, label }: JsonProps) {
  const lines = useMemo(
    () =>
      pretty(text)
        .split('\n')
        .map((line): DiffLine => ({ kind: 'same', text: line })),
    [text],
  );
  return <Lines lines={lines} label={label} copy={text} />;
}

/** What became of a payload. */
export function JsonDiff({ before, after, label }: { readonly before: string; readonly after: string; readonly label: string }) {
  const { text } = useText();
  const lines = useMemo(() => diff(pretty(before), pretty(after)), [before, after]);
  const isSame = lines.every((line) => line.kind === 'same');
  return (
    <>
      {isSame && <p className="quiet">{text.inspector.same}</p>}
      <Lines lines={lines} label={label} copy={after} />
    </>
  );
}

function Lines({ lines, label, copy }: { readonly lines: readonly DiffLine[]; readonly label: string; readonly copy: string }) {
  const { text, format } = useText();
  const [shown, setShown] = useState(LINES);
  const isDiff = lines.some((line) => line.kind !== 'same');
  return (
    <div className="json-box">
      <span className="json-copy">
        <Copy text={copy} label={text.common.copy} />
      </span>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex lint/a11y/useSemanticElements: what scrolls must be reached with keys, and lines must stay as they are. */}
      <pre className="json" dir="auto" tabIndex={0} role="region" aria-label={label}>
        {lines.slice(0, shown).map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name.
          <Line key={index} line={line.text} kind={line.kind} isDiff={isDiff} />
        ))}
      </pre>
      {lines.length > shown && (
        <Button variant="inline-link" onClick={() => setShown(shown + 5 * LINES)}>
          {text.common.more} ({format.number(lines.length - shown)})
        </Button>
      )}
    </div>
  );
}

const SIGN: Record<LineKind, string> = { same: '  ', added: '+ ', removed: '- ' };

const Line = memo(({ line, kind, isDiff }: { readonly line: string; readonly kind: LineKind; readonly isDiff: boolean }) => (
  <span className={kind}>
    {isDiff ? SIGN[kind] : ''}
    {tokens(line).map((token, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of a line have no other name.
      <span key={index} className={token.kind}>
        {token.text}
      </span>
    ))}
    {'\n'}
  </span>
));
