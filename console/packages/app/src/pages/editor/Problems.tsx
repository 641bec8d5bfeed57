import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useText } from '../../text';
import type { Found } from './useProblems';

interface ProblemsProps {
  readonly found: readonly Found[];
  readonly isChecked: boolean;
  readonly onGo: (found: Found) => void;
}

/** What the server finds wrong, each a way to its place. */
export function Problems({ found, isChecked, onGo }: ProblemsProps) {
  const { text } = useText();
  return (
    <section className="edproblems" aria-label={text.editor.problems} aria-live="polite">
      {found.length === 0 && (
        <StatusIndicator type={isChecked ? 'success' : 'in-progress'}>
          {isChecked ? text.editor.noProblems : text.editor.checking}
        </StatusIndicator>
      )}
      {found.length > 0 && (
        <ul>
          {found.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same problem may be there twice.
            <li key={index}>
              <button type="button" onClick={() => onGo(one)}>
                <StatusIndicator type={one.problem.severity === 'ERROR' ? 'error' : 'warning'}>
                  {one.problem.message} {one.at?.state !== undefined && <small>{one.at.state}</small>}
                </StatusIndicator>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
