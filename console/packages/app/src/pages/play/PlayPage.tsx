import ContentLayout from '@cloudscape-design/components/content-layout';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { Command, Copy, quoted } from '../../parts/Copy';
import { Json } from '../../parts/Json';
import { JsonField, jsonError } from '../../parts/JsonField';
import { Problem } from '../../parts/Problem';
import { type PlaySearch, readPlay } from '../../searches';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';

const EXAMPLE = '{% $sum($states.input.items.(price * quantity)) %}';
const INPUT = JSON.stringify(
  {
    customer: 'Ana',
    items: [
      { price: 12.5, quantity: 4 },
      { price: 3, quantity: 2 },
    ],
  },
  null,
  2,
);
const EXAMPLES: readonly string[] = [
  EXAMPLE,
  '{% $states.input.items[price > 5] %}',
  "{% $merge([$states.input, {'total': $sum($states.input.items.price)}]) %}",
  '$.items[?(@.price > 5)].quantity',
  "States.Format('{} has {} items', $.customer, States.ArrayLength($.items))",
];

/** Expressions, evaluated by the engine that runs workflows. */
export function PlayPage() {
  const { text } = useText();
  usePage([{ text: text.play.title, href: links.play() }]);
  const search: PlaySearch = useSearch({ from: '/play' });
  const navigate = useNavigate();
  const [expression, setExpression] = useState(search.expression ?? EXAMPLE);
  const [input, setInput] = useState(search.input ?? INPUT);
  const { language } = search;
  const asked = useDeferredValue({ expression, input });
  const result = useQuery({
    queryKey: ['evaluate', asked, language],
    queryFn: ({ signal }) =>
      admin('evaluate', {
        method: 'POST',
        body: { expression: asked.expression, input: JSON.parse(asked.input) as unknown, ...(language && { language }) },
        signal,
      }),
    enabled: jsonError(asked.input) === undefined && asked.expression.trim() !== '',
    placeholderData: (before) => before,
  });
  const keep = (next: PlaySearch) => void navigate({ to: '/play', search: next, replace: true });
  const share = `${location.origin}${links.play({ expression, input: jsonError(input) === undefined ? JSON.stringify(JSON.parse(input)) : input })}`;
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={text.play.hint} actions={<Copy text={share} label={text.play.share} />}>
          {text.play.title}
        </Header>
      }
    >
      <div className="pair">
        <SpaceBetween size="m">
          <SegmentedControl
            label={text.play.language}
            selectedId={language ?? 'auto'}
            options={[
              { id: 'auto', text: text.play.auto },
              { id: 'JSONata', text: 'JSONata' },
              { id: 'JSONPath', text: 'JSONPath' },
            ]}
            onChange={(event) => keep(readPlay({ expression, input, language: event.detail.selectedId }))}
          />
          <FormField label={text.play.expression} stretch>
            <div className="mono">
              <Textarea value={expression} rows={4} spellcheck={false} onChange={(event) => setExpression(event.detail.value)} />
            </div>
          </FormField>
          <div className="chips">
            {EXAMPLES.map((example) => (
              <button type="button" className="chip" key={example} onClick={() => setExpression(example)}>
                <code>{example.length > 44 ? `${example.slice(0, 43)}…` : example}</code>
              </button>
            ))}
          </div>
          <JsonField label={text.play.input} value={input} onChange={setInput} rows={14} />
        </SpaceBetween>
        <div className="stack" aria-live="polite">
          <h2>{text.play.result}</h2>
          {result.error !== null && <Problem error={result.error} />}
          {result.data !== undefined && 'result' in result.data && (
            <Json text={JSON.stringify(result.data.result)} label={text.play.result} />
          )}
          {result.data?.error !== undefined && (
            <div className="fault" dir="auto">
              <code>{result.data.error}</code> {result.data.message}
              {result.data.position !== undefined && <pre>{marked(expression, result.data.position)}</pre>}
            </div>
          )}
          <Command
            line={`passo eval ${quoted(expression)} --input ${quoted(jsonError(input) === undefined ? JSON.stringify(JSON.parse(input)) : input)}`}
          />
        </div>
      </div>
    </ContentLayout>
  );
}

/** The line of a text that a position is in, with a sign below it. */
function marked(source: string, position: number): string {
  const before = source.slice(0, position);
  const start = before.lastIndexOf('\n') + 1;
  const end = source.indexOf('\n', position);
  const line = source.slice(start, end === -1 ? undefined : end);
  return `${line}\n${' '.repeat(Math.max(0, position - start))}^`;
}
