import SegmentedControl from '@cloudscape-design/components/segmented-control';
import type { Visit } from '@passo/graph';
import { useState } from 'react';
import { Json, JsonDiff } from '../../parts/Json';
import { useText } from '../../text';

type Mode = 'diff' | 'input' | 'output';

/** What a visit got, what it gave, and what differs. */
export function Io({ visit }: { readonly visit: Visit }) {
  const { text } = useText();
  const [mode, setMode] = useState<Mode>('diff');
  const attempt = visit.attempts.at(-1);
  const { input, output } = visit;
  return (
    <div className="stack">
      <SegmentedControl
        label={text.inspector.mode}
        selectedId={mode}
        options={[
          { id: 'diff', text: text.inspector.diff },
          { id: 'input', text: text.common.input },
          { id: 'output', text: text.common.output },
        ]}
        onChange={(event) => setMode(event.detail.selectedId as Mode)}
      />
      {mode === 'diff' && input !== undefined && output !== undefined && (
        <JsonDiff before={input} after={output} label={text.inspector.diff} />
      )}
      {(mode === 'input' || (mode === 'diff' && output === undefined)) && input !== undefined && (
        <Json text={input} label={text.common.input} />
      )}
      {mode === 'output' && output !== undefined && <Json text={output} label={text.common.output} />}
      {mode !== 'input' && output === undefined && <p className="quiet">{text.inspector.noOutput}</p>}
      {attempt?.parameters !== undefined && (
        <details>
          <summary>{text.inspector.parameters}</summary>
          <Json text={attempt.parameters} label={text.inspector.parameters} />
        </details>
      )}
      {attempt?.output !== undefined && (
        <details>
          <summary>{text.inspector.result}</summary>
          <Json text={attempt.output} label={text.inspector.result} />
        </details>
      )}
    </div>
  );
}
