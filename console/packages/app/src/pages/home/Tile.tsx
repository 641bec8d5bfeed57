import { useFollow } from '../../shell/follow';

interface TileProps {
  readonly name: string;
  readonly value: string;
  readonly href: string;
  readonly look: string;
}

/** A figure that leads to what it counts. */
export function Tile({ name, value, href, look }: TileProps) {
  const follow = useFollow();
  return (
    <a
      className={`tile ${look}`}
      href={href}
      onClick={(event) => !event.ctrlKey && !event.metaKey && follow({ preventDefault: () => event.preventDefault(), detail: { href } })}
    >
      <b>{value}</b>
      <span>{name}</span>
    </a>
  );
}
