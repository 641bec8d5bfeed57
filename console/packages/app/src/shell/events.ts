/** Wishes that any part of the console may have of its shell. */

const shell = new EventTarget();

export function openPalette(): void {
  shell.dispatchEvent(new Event('palette'));
}

export function onShell(name: 'palette', listener: () => void): () => void {
  shell.addEventListener(name, listener);
  return () => shell.removeEventListener(name, listener);
}
