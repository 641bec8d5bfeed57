import type { ConversionFinding } from '@passo/api';
import { useText } from '../text';

/** What is to be known of a conversion: what stays, what differs. */
export function Findings({ findings }: { readonly findings: readonly ConversionFinding[] }) {
  const { text } = useText();
  if (findings.length === 0) return null;
  return (
    <ul className="findings" aria-label={text.build.findings}>
      {findings.map((one) => (
        <li key={`${one.location} ${one.code} ${one.message}`} className={one.severity.toLowerCase()}>
          <b>{text.build.severity[one.severity]}</b>
          <span dir="auto">
            {one.location !== '' && <code>{one.location}</code>} {text.build.finding[one.code] ?? one.message}
          </span>
        </li>
      ))}
    </ul>
  );
}
