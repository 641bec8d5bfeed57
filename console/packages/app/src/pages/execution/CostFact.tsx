import Popover from '@cloudscape-design/components/popover';
import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { Command, quoted } from '../../parts/Copy';
import { useText } from '../../text';
import { Other } from '../cost/Other';
import { Fact } from './Facts';

/** What the execution costs on AWS; asked for anew when it has gone on. */
export function CostFact({ arn, transitions }: { readonly arn: string; readonly transitions: number }) {
  const { text, format } = useText();
  const words = text.decide.cost;
  // Not for each of a thousand transitions: whenever there are a tenth more.
  const step = transitions === 0 ? 0 : Math.floor(Math.log(transitions) / Math.log(1.1));
  const cost = useQuery({
    queryKey: ['cost', arn, step],
    queryFn: ({ signal }) => admin('cost', { query: { execution: arn }, signal }),
    placeholderData: (before) => before,
    retry: false,
  });
  const found = cost.data;
  if (found === undefined) return null;
  return (
    <Fact name={words.fact}>
      <Popover
        header={words.fact}
        dismissAriaLabel={text.common.close}
        content={
          <div className="costs-of">
            <dl>
              <dt>{words.stepFunctions}</dt>
              <dd className="figures">{format.dollars(found.bill.stepFunctions)}</dd>
              <dt>{words.lambda}</dt>
              <dd className="figures">{format.dollars(found.bill.lambdaRequests + found.bill.lambdaDuration)}</dd>
              <dt>{words.other}</dt>
              <dd>
                <Other costs={found} />
              </dd>
            </dl>
            {found.children > 0 && <p className="quiet">{words.children(found.children)}</p>}
            <p className="quiet">{words.prices(found.prices.region, format.day(Date.parse(found.prices.readOn)))}</p>
            <Command line={`passo cost ${quoted(arn)}`} />
          </div>
        }
      >
        <span className="figures">{format.dollars(found.bill.total)}</span>
      </Popover>
    </Fact>
  );
}
