import {
  draw,
  dropPlace,
  move,
  PALETTE,
  type PaletteItem,
  type Picture,
  type Place,
  type Point,
  type Port,
  stateUnder,
} from '@passo/graph';
import { useReactFlow, useStore, ViewportPortal } from '@xyflow/react';
import { type DragEvent, useCallback, useEffect, useRef, useState } from 'react';
import { Graph } from '../../graph/Graph';
import type { Change } from './keys';
import { DRAG } from './PaletteList';

interface CanvasProps {
  readonly picture: Picture;
  readonly selected: string | undefined;
  readonly onSelect: (state: string | undefined) => void;
  /** The states in which the server finds something wrong. */
  readonly faults: ReadonlySet<string | undefined>;
  readonly onChange: Change;
  readonly onPut: (item: PaletteItem, place: Place) => void;
  /** What is done when a line was drawn from a state to an empty place. */
  readonly onLoose: (from: string, port: Port) => void;
}

/** Above this many boxes a small map helps more than it hides. */
const MANY = 30;

type ToPicture = (point: Point) => Point;

/** The picture, into which things are put. */
export function Canvas({ picture, selected, onSelect, faults, onChange, onPut, onLoose }: CanvasProps) {
  const toPicture = useRef<ToPicture>(undefined);
  const frame = useRef<HTMLDivElement>(null);
  const [mark, setMark] = useState<Point>();
  const isDrawing = useRef(false);
  const drawn = (from: string, port: Port, at: Point) => {
    const point = toPicture.current?.(at);
    const hit = point === undefined ? undefined : stateUnder(picture, point);
    if (hit === undefined || around(picture, hit.id, from)) onLoose(from, port);
    else if (hit.name !== from) onChange((scope) => draw(scope, from, port, hit.name));
  };
  const classOf = useCallback((state: string) => (faults.has(state) ? 'faulty' : undefined), [faults]);
  useFollowFocus(frame, picture, selected);
  const placeOf = (event: DragEvent) => {
    const point = toPicture.current?.({ x: event.clientX, y: event.clientY });
    return point === undefined ? undefined : dropPlace(picture, point);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: each drag has a key, see keys.ts.
    <div
      className="edcanvas"
      ref={frame}
      onMouseDownCapture={(event) => {
        isDrawing.current = (event.target as HTMLElement).closest('.react-flow__handle') !== null;
      }}
      onDragStart={(event) => {
        // A line that is drawn is not its state that is moved.
        if (isDrawing.current) {
          event.preventDefault();
          return;
        }
        const id = (event.target as HTMLElement).closest<HTMLElement>('.react-flow__node')?.dataset.id;
        const name = picture.nodes.find((node) => node.id === id)?.name;
        if (name === undefined) return;
        event.dataTransfer.setData(DRAG.state, name);
        event.dataTransfer.effectAllowed = 'move';
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setMark(placeOf(event)?.mark);
      }}
      onDragLeave={() => setMark(undefined)}
      onDrop={(event) => {
        event.preventDefault();
        setMark(undefined);
        const place = placeOf(event)?.place;
        const item = PALETTE.find((one) => one.id === event.dataTransfer.getData(DRAG.item));
        const state = event.dataTransfer.getData(DRAG.state);
        if (item !== undefined) onPut(item, place);
        else if (state !== '' && place !== undefined) onChange((scope) => move(scope, state, place));
      }}
    >
      <Graph
        picture={picture}
        selected={selected}
        onSelect={onSelect}
        focus={selected}
        hasMap={picture.nodes.length > MANY}
        isEditable
        classOf={classOf}
        onDrawn={drawn}
      >
        <Inside toPicture={toPicture} picture={picture} selected={selected} />
        {mark !== undefined && (
          <ViewportPortal>
            <div className="dropmark" style={{ transform: `translate(-50%,-50%) translate(${mark.x}px,${mark.y}px)` }} />
          </ViewportPortal>
        )}
      </Graph>
    </div>
  );
}

/** Whether a box is a container of a state: what is free inside of it is an empty place. */
function around(picture: Picture, id: string, state: string): boolean {
  return picture.nodes.some((node) => node.name === state && node.id.startsWith(`${id}/`));
}

/** Text stays legible: below this, the chosen state is brought to the middle instead of showing all. */
const ZOOM_MIN = 0.62;
const ZOOM = 0.8;
/** Pixels between the picture's ends and the window's. */
const EDGE = 24;

interface InsideProps {
  readonly toPicture: React.RefObject<ToPicture | undefined>;
  readonly picture: Picture;
  readonly selected: string | undefined;
}

/** Lends the way from the window's coordinates to the picture's, and keeps in view what has changed. */
function Inside({ toPicture, picture, selected }: InsideProps) {
  const flow = useReactFlow();
  const width = useStore((store) => store.width);
  const height = useStore((store) => store.height);
  const chosen = useRef(selected);
  chosen.current = selected;
  useEffect(() => {
    toPicture.current = flow.screenToFlowPosition;
  }, [flow, toPicture]);
  useEffect(() => {
    if (width === 0 || height === 0) return;
    const whole = Math.min(1, width / (picture.width + 60), height / (picture.height + 60));
    const zoom = whole >= ZOOM_MIN ? whole : ZOOM;
    const node = picture.nodes.find((one) => one.name !== '' && one.name === chosen.current);
    const centre =
      node === undefined ? { x: picture.width / 2, y: 0 } : { x: node.x + node.width / 2, y: node.y + Math.min(node.height / 2, 120) };
    void flow.setViewport({
      zoom,
      x: within(width, picture.width * zoom, centre.x * zoom),
      y: whole >= ZOOM_MIN ? Math.max(EDGE, (height - picture.height * zoom) / 3) : within(height, picture.height * zoom, centre.y * zoom),
    });
  }, [flow, picture, width, height]);
  return null;
}

/** Where a picture begins so that a place in it is in the middle, and nothing is shown beyond its ends. */
function within(room: number, size: number, place: number): number {
  if (size + 2 * EDGE <= room) return (room - size) / 2;
  return Math.min(EDGE, Math.max(room - EDGE - size, room / 2 - place));
}

/** Keeps the keyboard's focus on the state that is chosen, while it is in the picture. */
function useFollowFocus(frame: React.RefObject<HTMLDivElement | null>, picture: Picture, selected: string | undefined): void {
  const wasInside = useRef(false);
  useEffect(() => {
    const element = frame.current?.closest<HTMLElement>('.gwrap') ?? null;
    if (element === null) return undefined;
    const enter = () => {
      wasInside.current = true;
    };
    const leave = (event: FocusEvent) => {
      // A box that is drawn anew loses the focus to nothing.
      if (event.relatedTarget !== null) wasInside.current = element.contains(event.relatedTarget as Node);
    };
    element.addEventListener('focusin', enter);
    element.addEventListener('focusout', leave);
    return () => {
      element.removeEventListener('focusin', enter);
      element.removeEventListener('focusout', leave);
    };
  }, [frame]);
  useEffect(() => {
    if (!wasInside.current || selected === undefined) return undefined;
    const id = picture.nodes.find((node) => node.name === selected)?.id;
    if (id === undefined) return undefined;
    const timer = requestAnimationFrame(() =>
      frame.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: true }),
    );
    return () => cancelAnimationFrame(timer);
  }, [frame, picture, selected]);
}
