import FormField from '@cloudscape-design/components/form-field';
import Textarea from '@cloudscape-design/components/textarea';
import { useText } from '../text';

/** What is wrong with a JSON text; `undefined` where nothing is. */
export function jsonError(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface JsonFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  readonly canBeEmpty?: boolean;
}

/** A field for JSON, which says at once when it is none. */
export function JsonField({ label, hint, value, onChange, rows = 8, canBeEmpty = false }: JsonFieldProps) {
  const { text } = useText();
  const error = canBeEmpty && value.trim() === '' ? undefined : jsonError(value);
  return (
    <FormField label={label} description={hint} errorText={error === undefined ? undefined : text.start.wrongJson(error)} stretch>
      <div className="mono">
        <Textarea value={value} rows={rows} spellcheck={false} onChange={(event) => onChange(event.detail.value)} />
      </div>
    </FormField>
  );
}
