import Button from '@cloudscape-design/components/button';
import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { Findings } from '../../parts/Findings';
import { useText } from '../../text';

/** What a path or an intrinsic function is in JSONata. */
export function Converted({ expression, onUse }: { readonly expression: string; readonly onUse: (expression: string) => void }) {
  const { text } = useText();
  const words = text.build.play;
  const { data } = useQuery({
    queryKey: ['convert', expression],
    queryFn: ({ signal }) => admin('convert', { method: 'POST', body: { expression }, signal }),
    placeholderData: (before) => before,
  });
  if (data?.expression === undefined) return null;
  const jsonata = data.expression;
  return (
    <section className="stack" aria-label={words.converted}>
      <h2>{words.converted}</h2>
      {jsonata === null ? (
        <p className="quiet">{words.cannot}</p>
      ) : (
        <div className="playconverted">
          <code dir="auto">{jsonata}</code>
          <Button onClick={() => onUse(`{% ${jsonata} %}`)}>{words.use}</Button>
        </div>
      )}
      <Findings findings={data.findings} />
    </section>
  );
}
