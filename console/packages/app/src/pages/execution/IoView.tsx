import type { Execution } from '@passo/api';
import { Json } from '../../parts/Json';
import { useText } from '../../text';

/** The input and the output of an execution. */
export function IoView({ execution }: { readonly execution: Execution }) {
  const { text } = useText();
  return (
    <div className="pair">
      <section aria-label={text.common.input}>
        <h2>{text.common.input}</h2>
        <Json text={execution.input ?? ''} label={text.common.input} />
      </section>
      <section aria-label={text.common.output}>
        <h2>{text.common.output}</h2>
        {execution.output === undefined ? (
          <p className="quiet">{text.inspector.noOutput}</p>
        ) : (
          <Json text={execution.output} label={text.common.output} />
        )}
      </section>
    </div>
  );
}
