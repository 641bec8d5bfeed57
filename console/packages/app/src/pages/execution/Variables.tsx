import { type Run, type Visit, variablesBefore } from '@passo/graph';
import { Json } from '../../parts/Json';
import { useText } from '../../text';

/** The variables that a visit has assigned, and those that it found. */
export function Variables({ run, visit }: { readonly run: Run; readonly visit: Visit }) {
  const { text } = useText();
  const assigned = Object.entries(visit.assigned ?? {});
  const before = variablesBefore(run, visit);
  if (assigned.length + before.length === 0) return <p className="quiet">{text.see.variables.none}</p>;
  return (
    <div className="stack">
      <h3>{text.see.variables.assigned}</h3>
      {assigned.length === 0 && <p className="quiet">{text.inspector.noVariables}</p>}
      {assigned.map(([name, value]) => (
        <div key={name}>
          <b dir="auto">${name}</b>
          <Json label={name} text={value} />
        </div>
      ))}
      {before.length > 0 && <h3>{text.see.variables.before}</h3>}
      {before.map(({ name, value, state }) => (
        <div key={name}>
          <b dir="auto">${name}</b>{' '}
          <small className="quiet" dir="auto">
            {text.see.variables.from(state)}
          </small>
          <Json label={name} text={value} />
        </div>
      ))}
    </div>
  );
}
