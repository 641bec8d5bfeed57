import type { Picture } from '@passo/graph';
import { useReactFlow, useStore } from '@xyflow/react';
import { useEffect, useRef } from 'react';

/** Text must be legible at first sight: never smaller than this, unless all fits. */
const ZOOM_MIN = 0.72;
const ZOOM_MAX = 0.95;
/** Pixels between the picture's ends and the window's. */
const MARGIN = 56;

/** Brings a state into view; where all fits legibly, all of it. */
export function Focus({ picture, state }: { readonly picture: Picture; readonly state: string | undefined }) {
  const flow = useReactFlow();
  const width = useStore((store) => store.width);
  const height = useStore((store) => store.height);
  const shown = useRef<string>(undefined);
  useEffect(() => {
    if (width === 0 || height === 0) return;
    const node = picture.nodes.find((one) => one.name !== '' && one.name === state);
    const whole = Math.min(width / (picture.width + 60), height / (picture.height + 60));
    const isFirst = shown.current === undefined;
    shown.current = state ?? '';
    if (whole >= ZOOM_MIN || (isFirst && node === undefined && picture.nodes.length < 5)) {
      if (isFirst) void flow.fitView({ padding: 0.06, maxZoom: 1.1 });
      else if (node !== undefined && !isVisible(node, flow.getViewport(), width, height))
        void flow.setCenter(middle(node).x, middle(node).y, { zoom: flow.getZoom(), duration: 200 });
      return;
    }
    if (!isFirst && (node === undefined || isVisible(node, flow.getViewport(), width, height))) return;
    const zoom = isFirst ? Math.max(ZOOM_MIN, Math.min(ZOOM_MAX, (width - 60) / (picture.width + 60))) : flow.getZoom();
    const wide = picture.width * zoom > width;
    const centre = node === undefined ? { x: picture.width / 2, y: 0 } : middle(node);
    const x = width / 2 - (wide ? centre.x : picture.width / 2) * zoom;
    const wanted = node === undefined ? 60 : height * 0.5 - (centre.y + 40) * zoom;
    // Never beyond the ends: what is not there need not be shown.
    const y = Math.min(MARGIN, Math.max(height - MARGIN - picture.height * zoom, wanted));
    void flow.setViewport({ zoom, x, y }, isFirst ? {} : { duration: 200 });
  }, [flow, picture, state, width, height]);
  return null;
}

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

/** Of a tall container its head. */
function middle(box: Box): { x: number; y: number } {
  return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 80) };
}

function isVisible(box: Box, viewport: { x: number; y: number; zoom: number }, width: number, height: number): boolean {
  const { x, y } = middle(box);
  const [left, top] = [x * viewport.zoom + viewport.x, y * viewport.zoom + viewport.y];
  return left > 60 && left < width - 60 && top > 40 && top < height - 40;
}
