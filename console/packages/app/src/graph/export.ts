import { admin } from '@passo/api';
import type { Scope } from '@passo/graph';
import { isDark } from '../shell/theme';

/** Pixels of a picture for each of its units: sharp on any screen. */
const SHARPNESS = 2;

const theme = () => (isDark() ? 'dark' : 'light');

/** A definition as an SVG document, in the theme that is looked at. */
export function drawingOf(scope: Scope): Promise<string> {
  return admin('graph', { method: 'POST', body: scope, query: { theme: theme() } });
}

/** An execution as it stands, as an SVG document. */
export function drawingOfExecution(arn: string): Promise<string> {
  return admin('graph', { query: { execution: arn, theme: theme() } });
}

/** An SVG document as pixels. */
export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  // As data, not as an object's address: the page's policy allows pictures from data only.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width * SHARPNESS;
  canvas.height = image.height * SHARPNESS;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('PNG')) : resolve(blob)), 'image/png');
  });
}
