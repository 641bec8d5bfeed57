import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { ApiError } from '@passo/api';
import { useText } from '../text';

/** What went wrong, in the server's words, and another try. */
export function Problem({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { text } = useText();
  const isApi = error instanceof ApiError;
  return (
    <Alert
      type="error"
      header={isApi ? error.code : text.common.failedTo}
      action={onRetry && <Button onClick={onRetry}>{text.common.retry}</Button>}
    >
      {error instanceof Error ? error.message : String(error)}
      {isApi && error.requestId !== undefined && <small> · {text.common.request(error.requestId)}</small>}
    </Alert>
  );
}
