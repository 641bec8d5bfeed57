/** A workflow to begin with. Its title and what it shows are words of the console, found by `id`. */
export interface Template {
  readonly id: 'hello' | 'choice' | 'parallel' | 'map' | 'approval' | 'poll';
  readonly definition: object;
  /** An input that it can be run with. */
  readonly input: object;
}

const QueryLanguage = 'JSONata';

export const TEMPLATES: readonly Template[] = [
  {
    id: 'hello',
    definition: {
      Comment: 'The smallest workflow',
      QueryLanguage,
      StartAt: 'Hello',
      States: { Hello: { Type: 'Pass', Output: { greeting: "{% 'Hello, ' & $states.input.name %}" }, End: true } },
    },
    input: { name: 'Ana' },
  },
  {
    id: 'choice',
    definition: {
      Comment: 'Large orders go another way',
      QueryLanguage,
      StartAt: 'How large?',
      States: {
        'How large?': {
          Type: 'Choice',
          Choices: [{ Condition: '{% $states.input.total > 1000 %}', Next: 'Check by hand' }],
          Default: 'Accept',
        },
        'Check by hand': { Type: 'Wait', Seconds: 5, Next: 'Accept' },
        Accept: { Type: 'Succeed' },
      },
    },
    input: { total: 1500 },
  },
  {
    id: 'parallel',
    definition: {
      Comment: 'Two things at once; where one fails, something is put right',
      QueryLanguage,
      StartAt: 'Both',
      States: {
        Both: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'Charge', States: { Charge: { Type: 'Pass', Output: { charged: true }, End: true } } },
            { StartAt: 'Reserve', States: { Reserve: { Type: 'Pass', Output: { reserved: true }, End: true } } },
          ],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Put right' }],
          Next: 'Done',
        },
        'Put right': { Type: 'Pass', Next: 'Failed' },
        Failed: { Type: 'Fail', Error: 'OrderFailed', Cause: 'One of both failed' },
        Done: { Type: 'Succeed' },
      },
    },
    input: {},
  },
  {
    id: 'map',
    definition: {
      Comment: 'The same for every item',
      QueryLanguage,
      StartAt: 'Each item',
      States: {
        'Each item': {
          Type: 'Map',
          Items: '{% $states.input.items %}',
          MaxConcurrency: 5,
          ItemProcessor: {
            ProcessorConfig: { Mode: 'INLINE' },
            StartAt: 'Double',
            States: { Double: { Type: 'Pass', Output: '{% $states.input * 2 %}', End: true } },
          },
          End: true,
        },
      },
    },
    input: { items: [1, 2, 3] },
  },
  {
    id: 'approval',
    definition: {
      Comment: 'Waits for somebody to decide. The decision is made under Approvals',
      QueryLanguage,
      StartAt: 'Await approval',
      States: {
        'Await approval': {
          Type: 'Task',
          Resource: 'arn:aws:states:us-east-1:000000000000:activity:approvals',
          TimeoutSeconds: 86_400,
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Rejected' }],
          Next: 'Approved',
        },
        Approved: { Type: 'Succeed' },
        Rejected: { Type: 'Fail', Error: 'Rejected', Cause: 'It was not approved' },
      },
    },
    input: { purchase: 'a chair' },
  },
  {
    id: 'poll',
    definition: {
      Comment: 'Asks again until something is ready, at most five times',
      QueryLanguage,
      StartAt: 'Begin',
      States: {
        Begin: { Type: 'Pass', Assign: { attempts: 0 }, Next: 'Ask' },
        Ask: { Type: 'Pass', Assign: { attempts: '{% $attempts + 1 %}' }, Next: 'Ready?' },
        'Ready?': {
          Type: 'Choice',
          Choices: [
            { Condition: '{% $attempts >= 3 %}', Next: 'Ready' },
            { Condition: '{% $attempts >= 5 %}', Next: 'Given up' },
          ],
          Default: 'A pause',
        },
        'A pause': { Type: 'Wait', Seconds: 1, Next: 'Ask' },
        Ready: { Type: 'Succeed' },
        'Given up': { Type: 'Fail', Error: 'NotReady', Cause: 'It was asked five times' },
      },
    },
    input: {},
  },
];
