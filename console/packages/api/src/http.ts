/** What the server said no to, in its own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: string,
    message: string,
    /** The HTTP status; 0 where the server cannot be reached. */
    readonly status: number,
    readonly requestId?: string,
  ) {
    super(message);
  }
}

const KEY = 'passo.region';

/** The region that is looked at; empty for the server's own. */
export function region(): string {
  return globalThis.localStorage?.getItem(KEY) ?? '';
}

/** Looks at another region; empty for the server's own. */
export function setRegion(name: string): void {
  if (name === '') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, name);
}

/** Sends a request to the server that this page came from, and reads its answer. */
export async function send(path: string, init: RequestInit & { headers: Record<string, string> }): Promise<unknown> {
  const headers = { ...init.headers, ...(region() !== '' && { 'x-passo-region': region() }) };
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, credentials: 'same-origin' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('Unreachable', 'The server cannot be reached', 0);
  }
  const text = await response.text();
  const body: unknown = text === '' ? {} : parsed(text);
  if (response.ok) return body;
  throw errorOf(response, body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function errorOf(response: Response, body: unknown): ApiError {
  const requestId = response.headers.get('x-amzn-requestid') ?? undefined;
  if (typeof body === 'object' && body !== null) {
    const { error, __type, message, Message } = body as Record<string, unknown>;
    if (typeof error === 'object' && error !== null) {
      const { code, message: words } = error as Record<string, unknown>;
      return new ApiError(String(code), String(words), response.status, requestId);
    }
    const code = String(__type ?? response.statusText).replace(/^.*#/, '');
    return new ApiError(code, String(message ?? Message ?? code), response.status, requestId);
  }
  return new ApiError(response.statusText, String(body).slice(0, 500), response.status, requestId);
}
