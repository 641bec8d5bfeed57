import { layout, type Scope } from '@passo/graph';

export interface LayoutRequest {
  readonly id: number;
  readonly scope: Scope;
}

addEventListener('message', (message: MessageEvent<LayoutRequest>) => {
  const { id, scope } = message.data;
  const begun = performance.now();
  try {
    postMessage({ id, picture: layout(scope), milliseconds: performance.now() - begun });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
});
