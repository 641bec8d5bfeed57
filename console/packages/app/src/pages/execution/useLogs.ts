import { admin } from '@passo/api';
import { useQuery } from '@tanstack/react-query';

const LIVE_MILLISECONDS = 1000;
/** Lines of functions may be written a little after the end. */
const LATE_MILLISECONDS = 5000;

/** The log records of an execution, read again while there may be more. */
export function useLogs(executionArn: string, isRunning: boolean) {
  return useQuery({
    queryKey: ['logs', executionArn],
    queryFn: ({ signal }) => admin('logs', { query: { execution: executionArn }, signal }),
    refetchInterval: (query) => {
      if (isRunning || query.state.data?.status === 'RUNNING') return LIVE_MILLISECONDS;
      return query.state.dataUpdateCount < LATE_MILLISECONDS / LIVE_MILLISECONDS ? LIVE_MILLISECONDS : false;
    },
    placeholderData: (before) => before,
  });
}
