import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { aws, type TestStateAnswer } from '@passo/api';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Json } from '../../parts/Json';
import { JsonField, jsonError } from '../../parts/JsonField';
import { Problem } from '../../parts/Problem';
import type { TestSearch } from '../../searches';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';

const STATE = JSON.stringify(
  { Type: 'Pass', QueryLanguage: 'JSONata', Output: { total: '{% $sum($states.input.prices) %}' }, End: true },
  null,
  2,
);
const LEVELS = ['INFO', 'DEBUG', 'TRACE'] as const;
const SIGNS: Record<TestStateAnswer['status'], StatusIndicatorProps.Type> = {
  SUCCEEDED: 'success',
  FAILED: 'error',
  RETRIABLE: 'warning',
  CAUGHT_ERROR: 'warning',
};

/** One state by itself. */
export function TestPage() {
  const { text } = useText();
  usePage([{ text: text.test.title, href: links.test() }]);
  const search: TestSearch = useSearch({ from: '/test' });
  const [definition, define] = useState(search.definition ?? STATE);
  const [input, setInput] = useState(search.input ?? '{\n  "prices": [10, 2.5]\n}');
  const [mock, setMock] = useState('');
  const [inspectionLevel, setLevel] = useState<(typeof LEVELS)[number]>('DEBUG');
  const run = useMutation({
    mutationFn: () => aws('TestState', { definition, input, inspectionLevel, ...(mock.trim() !== '' && { mock: { result: mock } }) }),
  });
  const isWrong = jsonError(definition) !== undefined || jsonError(input) !== undefined;
  const answer = run.data;
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={text.test.hint}>
          {text.test.title}
        </Header>
      }
    >
      <div className="pair">
        <SpaceBetween size="m">
          <JsonField label={text.test.definition} value={definition} onChange={define} rows={14} />
          <JsonField label={text.test.input} value={input} onChange={setInput} rows={6} />
          <JsonField label={text.test.mock} hint={text.test.mockHint} value={mock} onChange={setMock} rows={3} canBeEmpty />
          <SpaceBetween direction="horizontal" size="s">
            <Button variant="primary" loading={run.isPending} disabled={isWrong} onClick={() => run.mutate()}>
              {text.test.run}
            </Button>
            <SegmentedControl
              label={text.test.level}
              selectedId={inspectionLevel}
              options={LEVELS.map((id) => ({ id, text: id }))}
              onChange={(event) => setLevel(event.detail.selectedId as (typeof LEVELS)[number])}
            />
          </SpaceBetween>
        </SpaceBetween>
        <div className="stack" aria-live="polite">
          {run.error !== null && <Problem error={run.error} />}
          {answer !== undefined && (
            <>
              <h2>
                <StatusIndicator type={SIGNS[answer.status]}>{answer.status}</StatusIndicator>
              </h2>
              {answer.nextState !== undefined && (
                <p className="quiet">
                  {text.test.next}: <b>{answer.nextState}</b>
                </p>
              )}
              {answer.error !== undefined && (
                <p className="fault" dir="auto">
                  <code>{answer.error}</code> {answer.cause}
                </p>
              )}
              {answer.output !== undefined && <Json text={answer.output} label={text.common.output} />}
              {answer.inspectionData !== undefined && <Stages data={answer.inspectionData} />}
            </>
          )}
        </div>
      </div>
    </ContentLayout>
  );
}

/** What became of the input, step by step. */
function Stages({ data }: { readonly data: Readonly<Record<string, unknown>> }) {
  const { text } = useText();
  const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return (
    <>
      <h3>{text.test.stages}</h3>
      <ol className="stages">
        {Object.entries(data).map(([name, value]) => (
          <li key={name}>
            <details open={Object.keys(data).length < 6}>
              <summary>
                <code>{name}</code>
              </summary>
              <Json text={shown(value)} label={name} />
            </details>
          </li>
        ))}
      </ol>
    </>
  );
}
