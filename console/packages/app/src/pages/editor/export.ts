import type { WorkflowType } from '@passo/api';
import { type Picture, type Scope, svgOf, templateOf } from '@passo/graph';
import { download } from '../../parts/download';

export type Format = 'asl' | 'sam' | 'cloudformation' | 'svg' | 'png';

interface Exported {
  readonly name: string;
  readonly type: WorkflowType;
  readonly text: string;
  readonly scope: Scope | undefined;
  readonly picture: Picture | undefined;
}

/** Pixels of a picture for each of its units: sharp on any screen. */
const SHARPNESS = 2;

/** Gives the user the definition as a file. */
export async function exportAs(format: Format, { name, type, text, scope, picture }: Exported): Promise<void> {
  switch (format) {
    case 'asl':
      return download(`${name}.asl.json`, text, 'application/json');
    case 'sam':
    case 'cloudformation':
      if (scope !== undefined) download(`${name}.${format}.json`, templateOf(format, name, type, scope), 'application/json');
      return undefined;
    case 'svg':
      if (picture !== undefined) download(`${name}.svg`, svgOf(picture), 'image/svg+xml');
      return undefined;
    case 'png':
      if (picture !== undefined) download(`${name}.png`, await pngOf(svgOf(picture)), 'image/png');
      return undefined;
  }
}

async function pngOf(svg: string): Promise<Blob> {
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
