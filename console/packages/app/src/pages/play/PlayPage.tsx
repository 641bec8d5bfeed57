import ContentLayout from '@cloudscape-design/components/content-layout';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { Command, Copy, quoted } from '../../parts/Copy';
import { Json } from '../../parts/Json';
import { jsonError } from '../../parts/JsonField';
import { pretty } from '../../parts/json';
import { Problem } from '../../parts/Problem';
import { type PlaySearch, readPlay } from '../../searches';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { Captured } from './Captured';
import { CodeField } from './CodeField';
import { Converted } from './Converted';
import { EXAMPLES, INPUT } from './examples';
import { faultOf } from './fault';
import { fromFragment, type Shared, toFragment } from './share';

/** Expressions, evaluated by the engine that runs workflows. */
export function PlayPage() {
  const { text } = useText();
  const words = text.build.play;
  usePage([{ text: text.play.title, href: links.play() }]);
  const begun = useBegun();
  const [expression, setExpression] = useState(begun.expression);
  const [input, setInput] = useState(begun.input);
  const [language, setLanguage] = useState(begun.language);
  const asked = useDeferredValue({ expression, input });
  const inputError = jsonError(input);
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
  const fragment = toFragment({ expression, input, language });
  useAddress(fragment);
  const compact = inputError === undefined ? JSON.stringify(JSON.parse(input)) : input;
  const known = useMemo(() => (jsonError(input) === undefined ? (JSON.parse(input) as unknown) : undefined), [input]);
  const fault = useMemo(() => faultOf(expression, result.data), [expression, result.data]);
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={text.play.hint}
          actions={
            fragment === undefined ? (
              <span className="quiet">{words.tooLong}</span>
            ) : (
              <Copy text={`${location.origin}${links.play()}#${fragment}`} label={text.play.share} />
            )
          }
        >
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
            onChange={(event) => setLanguage(readPlay({ language: event.detail.selectedId }).language)}
          />
          <FormField label={text.play.expression} description={words.keys} stretch>
            <CodeField
              label={text.play.expression}
              kind="expression"
              value={expression}
              onChange={setExpression}
              input={known}
              fault={fault}
            />
          </FormField>
          <div className="chips">
            {EXAMPLES.map((example) => (
              <button type="button" className="chip" key={example} onClick={() => setExpression(example)}>
                <code>{example.length > 44 ? `${example.slice(0, 43)}…` : example}</code>
              </button>
            ))}
          </div>
          <FormField label={text.play.input} errorText={inputError === undefined ? undefined : text.start.wrongJson(inputError)} stretch>
            <CodeField label={text.play.input} kind="json" value={input} onChange={setInput} />
          </FormField>
          <ExpandableSection headerText={words.captured}>
            <Captured onChoose={(captured) => setInput(pretty(captured))} />
          </ExpandableSection>
        </SpaceBetween>
        <div className="stack" aria-live="polite">
          <h2>{text.play.result}</h2>
          {expression.trim() === '' && <p className="pause">{words.empty}</p>}
          {result.isLoading && <p className="quiet">{words.evaluating}</p>}
          {result.error !== null && <Problem error={result.error} />}
          {expression.trim() !== '' && result.data !== undefined && 'result' in result.data && (
            <Json text={JSON.stringify(result.data.result)} label={text.play.result} />
          )}
          {expression.trim() !== '' && result.data?.error !== undefined && (
            <div className="fault" dir="auto">
              <code>{result.data.error}</code> {result.data.message}
            </div>
          )}
          {result.data?.language === 'JSONPath' && <Converted expression={asked.expression} onUse={setExpression} />}
          <Command line={`passo eval ${quoted(expression)} --input ${quoted(compact)}`} />
        </div>
      </div>
    </ContentLayout>
  );
}

/** What the page begins with: what its address says, in the fragment or as parameters. */
function useBegun(): Shared {
  const search: PlaySearch = useSearch({ from: '/play' });
  const [begun] = useState(
    (): Shared =>
      fromFragment(location.hash.slice(1)) ?? {
        expression: search.expression ?? EXAMPLES[0] ?? '',
        input: search.input ?? INPUT,
        language: search.language,
      },
  );
  return begun;
}

/** Keeps in the address what is on the page, so that it can be shared and reloaded. */
function useAddress(fragment: string | undefined): void {
  const navigate = useNavigate();
  useEffect(() => {
    const timer = setTimeout(() => void navigate({ to: '/play', hash: fragment ?? '', replace: true }), 400);
    return () => clearTimeout(timer);
  }, [fragment, navigate]);
}
