import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { aws, type TestStateAnswer, type TestStateRequest } from '@passo/api';
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Command } from '../../parts/Copy';
import { download } from '../../parts/download';
import { Json } from '../../parts/Json';
import { JsonField, jsonError } from '../../parts/JsonField';
import { Problem } from '../../parts/Problem';
import type { TestSearch } from '../../searches';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { Pipeline } from './Pipeline';

const STATE = JSON.stringify(
  { Type: 'Pass', QueryLanguage: 'JSONata', Output: { total: '{% $sum($states.input.prices) %}' }, End: true },
  null,
  2,
);
const LEVELS = ['INFO', 'DEBUG', 'TRACE'] as const;
type Level = (typeof LEVELS)[number];
const FILE = 'state-test.json';
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
  const [input, setInput] = useState(search.input ?? (search.definition === undefined ? '{\n  "prices": [10, 2.5]\n}' : '{}'));
  const [mock, setMock] = useState('');
  const [error, setError] = useState('');
  const [cause, setCause] = useState('');
  const [variables, setVariables] = useState('');
  const [context, setContext] = useState('');
  const [inspectionLevel, setLevel] = useState<Level>('DEBUG');
  const request: TestStateRequest = {
    definition,
    input,
    inspectionLevel,
    ...(error !== '' ? { mock: { errorOutput: { error, cause } } } : mock.trim() !== '' && { mock: { result: mock } }),
    ...(variables.trim() !== '' && { variables }),
    ...(context.trim() !== '' && { context }),
  };
  const run = useMutation({ mutationFn: () => aws('TestState', request) });
  const isWrong = [definition, input, ...[mock, variables, context].filter((one) => one.trim() !== '')].some(
    (one) => jsonError(one) !== undefined,
  );
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
          <ExpandableSection headerText={text.test.mocks}>
            <SpaceBetween size="s">
              <JsonField label={text.test.mock} hint={text.test.mockHint} value={mock} onChange={setMock} rows={3} canBeEmpty />
              <FormField label={text.test.mockError} description={text.test.mockErrorHint}>
                <Input
                  value={error}
                  ariaLabel={text.test.mockError}
                  placeholder="States.TaskFailed"
                  onChange={(event) => setError(event.detail.value)}
                />
              </FormField>
              {error !== '' && (
                <FormField label={text.common.cause}>
                  <Input value={cause} ariaLabel={text.common.cause} onChange={(event) => setCause(event.detail.value)} />
                </FormField>
              )}
            </SpaceBetween>
          </ExpandableSection>
          <ExpandableSection headerText={text.test.more}>
            <SpaceBetween size="s">
              <JsonField
                label={text.test.variables}
                hint={text.test.variablesHint}
                value={variables}
                onChange={setVariables}
                rows={3}
                canBeEmpty
              />
              <JsonField label={text.test.context} hint={text.test.contextHint} value={context} onChange={setContext} rows={3} canBeEmpty />
            </SpaceBetween>
          </ExpandableSection>
          <SpaceBetween direction="horizontal" size="s">
            <Button variant="primary" loading={run.isPending} disabled={isWrong} onClick={() => run.mutate()}>
              {text.test.run}
            </Button>
            <SegmentedControl
              label={text.test.level}
              selectedId={inspectionLevel}
              options={LEVELS.map((id) => ({ id, text: id }))}
              onChange={(event) => setLevel(event.detail.selectedId as Level)}
            />
            <Button disabled={isWrong} onClick={() => download(FILE, `${JSON.stringify(request, null, 2)}\n`, 'application/json')}>
              {text.test.save}
            </Button>
          </SpaceBetween>
          <Command line={`aws stepfunctions test-state --cli-input-json file://${FILE}`} />
        </SpaceBetween>
        <section aria-label={text.test.status} aria-live="polite">
          {run.error !== null && <Problem error={run.error} />}
          {run.data === undefined ? run.error === null && <p className="pause">{text.test.nothing}</p> : <Answer answer={run.data} />}
        </section>
      </div>
    </ContentLayout>
  );
}

function Answer({ answer }: { readonly answer: TestStateAnswer }) {
  const { text } = useText();
  return (
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
      {answer.inspectionData === undefined || Object.keys(answer.inspectionData).length === 0 ? (
        answer.output !== undefined && <Json text={answer.output} label={text.common.output} />
      ) : (
        <Pipeline data={answer.inspectionData} output={answer.output} />
      )}
    </>
  );
}
