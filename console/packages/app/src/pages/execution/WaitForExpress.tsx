import Spinner from '@cloudscape-design/components/spinner';
import { useEffect } from 'react';
import { Empty } from '../../parts/Empty';
import { useText } from '../../text';

const AGAIN_MILLISECONDS = 1000;

/** An Express execution that is not kept yet: it is asked for until it is. */
export function WaitForExpress({ onAgain }: { readonly onAgain: () => void }) {
  const { text } = useText();
  useEffect(() => {
    const timer = setInterval(onAgain, AGAIN_MILLISECONDS);
    return () => clearInterval(timer);
  }, [onAgain]);
  return (
    <Empty title={text.see.express.waitTitle} hint={text.see.express.waitHint}>
      <Spinner size="large" />
    </Empty>
  );
}
