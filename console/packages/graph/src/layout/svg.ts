import { pathOf } from './path';
import type { LaidEdge, LaidNode, Picture } from './types';

/** How a state stands, where a picture shows an execution. */
export type Standing = (state: string) => string | undefined;

const COLORS: Readonly<Record<string, readonly [line: string, fill: string]>> = {
  succeeded: ['#1f8a4c', '#e7f6ec'],
  failed: ['#d13232', '#fdecec'],
  running: ['#0b6bcb', '#e5f1fd'],
  waiting: ['#0b6bcb', '#e5f1fd'],
  caught: ['#c77700', '#fff3dd'],
  aborted: ['#98a2b3', '#f7f8fa'],
};
const MARGIN = 20;
const NAME_CHARACTERS = 30;

/** A picture as an SVG document that needs nothing else: no script, no style sheet, no font of its own. */
export function svgOf(picture: Picture, standing: Standing = () => undefined): string {
  const [width, height] = [Math.ceil(picture.width + 2 * MARGIN), Math.ceil(picture.height + 2 * MARGIN)];
  const nodes = picture.nodes.map((node) => boxOf(node, standing));
  const edges = picture.edges.map(lineOf);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" font-family="system-ui, sans-serif">`,
    '<defs><marker id="a" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 10 5 0 10z" fill="#98a2b3"/></marker></defs>',
    `<rect x="${-MARGIN}" y="${-MARGIN}" width="${width}" height="${height}" fill="#fff"/>`,
    ...nodes,
    ...edges,
    '</svg>',
  ].join('\n');
}

function boxOf(node: LaidNode, standing: Standing): string {
  const { x, y, width, height, kind, name } = node;
  if (kind === 'start' || kind === 'end') {
    const round = `rx="${height / 2}" fill="#fff" stroke="#98a2b3"`;
    const label =
      node.depth > 0
        ? ''
        : text(x + width / 2, y + height / 2 + 4, kind === 'start' ? 'Start' : 'End', 'text-anchor="middle" font-size="12"');
    return `${rect(node, round)}${label}`;
  }
  if (kind === 'branch') return rect(node, 'rx="10" fill="none" stroke="#d8dde5" stroke-dasharray="4 4"');
  const status = standing(name);
  const [line, fill] = (status === undefined ? undefined : COLORS[status]) ?? ['#98a2b3', '#fff'];
  if (kind === 'container') {
    return `${rect(node, `rx="14" fill="#f7f8fa" stroke="${line}"`)}${text(x + 14, y + 26, name, 'font-size="13" font-weight="600"')}`;
  }
  const round = node.state?.Type === 'Choice' ? height / 2 : 10;
  return [
    rect(node, `rx="${round}" fill="${fill}" stroke="${line}"`),
    text(x + 18, y + height / 2 - 3, name, 'font-size="13" font-weight="600"'),
    text(
      x + 18,
      y + height / 2 + 14,
      `${node.state?.Type ?? ''}${status === undefined ? '' : ` · ${status}`}`,
      'font-size="11" fill="#5a6577"',
    ),
  ].join('');
}

function rect({ x, y, width, height }: LaidNode, look: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" ${look}/>`;
}

function lineOf(edge: LaidEdge): string {
  const dashes = edge.kind === 'catch' ? ' stroke-dasharray="4 4"' : '';
  const path = `<path d="${pathOf(edge.points)}" fill="none" stroke="#98a2b3" stroke-width="1.5"${dashes} marker-end="url(#a)"/>`;
  if (edge.label === undefined || edge.labelAt === undefined) return path;
  const { x, y } = edge.labelAt;
  const width = edge.label.length * 6.2 + 12;
  const plate = `<rect x="${x - width / 2}" y="${y - 9}" width="${width}" height="18" rx="9" fill="#fff" stroke="#d8dde5"/>`;
  return `${path}${plate}${text(x, y + 4, edge.label, 'text-anchor="middle" font-size="11" fill="#5a6577"')}`;
}

function text(x: number, y: number, content: string, look: string): string {
  const shown = content.length > NAME_CHARACTERS ? `${content.slice(0, NAME_CHARACTERS - 1)}…` : content;
  return `<text x="${x}" y="${y}" ${look}>${escaped(shown)}</text>`;
}

function escaped(content: string): string {
  // Control characters cannot stand in XML at all.
  const possible = Array.from(content, (character) => (character < ' ' && !'\t\n\r'.includes(character) ? '\ufffd' : character)).join('');
  return possible.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
