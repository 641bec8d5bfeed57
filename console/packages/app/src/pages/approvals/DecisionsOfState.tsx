import { Made } from './Made';
import { useDecisions } from './useDecisions';

/** The decisions that were made in a state of an execution; nothing where there was none. */
export function DecisionsOfState({ execution, state }: { readonly execution: string; readonly state: string }) {
  const decisions = useDecisions({ execution }).data?.decisions.filter((one) => one.state === state) ?? [];
  return decisions.length === 0 ? null : <Made decisions={decisions} />;
}
