import Button from '@cloudscape-design/components/button';
import { Empty } from '../parts/Empty';
import { useText } from '../text';
import { useFollow } from './follow';
import { links } from './links';
import { usePage } from './page';

/** An address that no page has. */
export function NotFound() {
  const { text } = useText();
  const follow = useFollow();
  usePage([{ text: text.common.noPage, href: links.home }]);
  return (
    <Empty title={text.common.noPage}>
      <Button href={links.home} onFollow={follow}>
        {text.nav.home}
      </Button>
    </Empty>
  );
}
