import Alert from '@cloudscape-design/components/alert';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Command } from '../../parts/Copy';
import { Problem } from '../../parts/Problem';
import { readCost } from '../../searches';
import { links } from '../../shell/links';
import { usePage } from '../../shell/page';
import { useText } from '../../text';
import { CostTable } from './CostTable';
import { months, periodOf } from './months';

const MONTHS = 6;

/** What executions would have cost on AWS, by workflow and month. */
export function CostPage() {
  const { text, format, language } = useText();
  const words = text.decide.cost;
  usePage([{ text: words.title, href: links.cost() }]);
  const { month } = useSearch({ from: '/cost' });
  const navigate = useNavigate();
  const costs = useQuery({
    queryKey: ['cost', month],
    queryFn: ({ signal }) => admin('cost', { query: month === undefined ? {} : { ...periodOf(month) }, signal }),
    refetchInterval: 60_000,
  });
  const monthName = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const options = [
    { value: '', label: words.last },
    ...months(Date.now(), MONTHS).map((value) => ({ value, label: monthName.format(new Date(periodOf(value).since)) })),
  ];
  const chosen = options.find((option) => option.value === (month ?? '')) ?? { value: month ?? '', label: month ?? '' };
  const found = costs.data;
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={words.hint}
          actions={
            <Select
              ariaLabel={words.month}
              options={options}
              selectedOption={chosen}
              onChange={(event) => void navigate({ to: '/cost', search: readCost({ month: event.detail.selectedOption.value }) })}
            />
          }
        >
          {words.title}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {costs.error !== null && <Problem error={costs.error} onRetry={() => void costs.refetch()} />}
        {found !== undefined && (
          <div className="tiles">
            <Sum name={words.total} dollars={found.bill.total} />
            <Sum name={words.afterFree} dollars={found.billAfterFreeTier.total} />
            <Sum name={words.stepFunctions} dollars={found.bill.stepFunctions} />
            <Sum name={words.lambda} dollars={found.bill.lambdaRequests + found.bill.lambdaDuration} />
          </div>
        )}
        {found?.complete === false && <Alert type="warning">{words.partial}</Alert>}
        <CostTable workflows={found?.workflows ?? []} isLoading={costs.isPending} />
        {found !== undefined && (
          <p className="quiet">
            {words.prices(found.prices.region, format.day(Date.parse(found.prices.readOn)))}{' '}
            {found.prices.assumed !== undefined && words.assumed[found.prices.assumed]} {words.without}
          </p>
        )}
        <Command line={`passo cost${month === undefined ? '' : ` --month=${month}`}`} />
      </SpaceBetween>
    </ContentLayout>
  );
}

function Sum({ name, dollars }: { readonly name: string; readonly dollars: number }) {
  const { format } = useText();
  return (
    <div className="costs-sum">
      <span>{name}</span>
      <b className="figures">{format.dollars(dollars)}</b>
    </div>
  );
}
