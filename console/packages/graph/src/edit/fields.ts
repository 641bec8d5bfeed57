import type { StateType } from '../asl';
import type { QueryLanguage } from './draft';

/** How a field is written: what it may hold. */
export type FieldKind =
  /** One line of text. */
  | 'text'
  /** A number, or an expression that gives one. */
  | 'number'
  | 'boolean'
  /** Any JSON, or an expression. */
  | 'json'
  /** One of `options`. */
  | 'one'
  /** The name of a state of the same set. */
  | 'target'
  /** Names of errors. */
  | 'errors'
  /** Objects, each with `fields`. */
  | 'list'
  /** An object with `fields`. */
  | 'object'
  /** A comparison of JSONPath's Choice rules. */
  | 'comparison';

/** A field of the language: its name, what it holds, and in which query language it exists (both where none is given). */
export interface FieldSpec {
  readonly name: string;
  readonly kind: FieldKind;
  readonly language?: QueryLanguage;
  readonly options?: readonly string[];
  readonly fields?: readonly FieldSpec[];
  /** Whether it is always shown; others are added on demand. */
  readonly isMain?: boolean;
}

const field = (name: string, kind: FieldKind, more: Omit<FieldSpec, 'name' | 'kind'> = {}): FieldSpec => ({ name, kind, ...more });
const main = { isMain: true };
const J = { language: 'JSONata' } as const;
const P = { language: 'JSONPath' } as const;
const LANGUAGES = ['JSONata', 'JSONPath'];

/** Names of errors that the language defines. */
export const ERROR_NAMES: readonly string[] = [
  'States.ALL',
  'States.Timeout',
  'States.TaskFailed',
  'States.HeartbeatTimeout',
  'States.Permissions',
  'States.DataLimitExceeded',
  'States.QueryEvaluationError',
  'States.ResultPathMatchFailure',
  'States.ParameterPathFailure',
  'States.BranchFailed',
  'States.NoChoiceMatched',
  'States.IntrinsicFailure',
  'States.ExceedToleratedFailureThreshold',
  'States.ItemReaderFailed',
  'States.ResultWriterFailed',
  'States.Runtime',
  'Lambda.ServiceException',
  'Lambda.TooManyRequestsException',
];

const COMPARABLE = ['Equals', 'LessThan', 'GreaterThan', 'LessThanEquals', 'GreaterThanEquals'];
const typed = (type: string, names: readonly string[]) => names.flatMap((name) => [`${type}${name}`, `${type}${name}Path`]);

/** The comparisons of JSONPath's Choice rules. */
export const COMPARISONS: readonly string[] = [
  ...typed('String', COMPARABLE),
  'StringMatches',
  ...typed('Numeric', COMPARABLE),
  ...typed('Boolean', ['Equals']),
  ...typed('Timestamp', COMPARABLE),
  ...['Null', 'Present', 'Numeric', 'String', 'Boolean', 'Timestamp'].map((type) => `Is${type}`),
];

const COMMENT = field('Comment', 'text');
const ASSIGN = field('Assign', 'json');
const OUTPUT = field('Output', 'json', J);
const LANGUAGE = field('QueryLanguage', 'one', { options: LANGUAGES });
const IN = field('InputPath', 'text', P);
const OUT = field('OutputPath', 'text', P);
const PARAMETERS = field('Parameters', 'json', P);
const RESULT = [field('ResultSelector', 'json', P), field('ResultPath', 'text', P)];
const FLOW = [field('Next', 'target', main)];
const ARGUMENTS = field('Arguments', 'json', J);

const RETRY = field('Retry', 'list', {
  fields: [
    field('ErrorEquals', 'errors', main),
    field('IntervalSeconds', 'number', main),
    field('MaxAttempts', 'number', main),
    field('BackoffRate', 'number', main),
    field('MaxDelaySeconds', 'number'),
    field('JitterStrategy', 'one', { options: ['NONE', 'FULL'] }),
    COMMENT,
  ],
});

const CATCH = field('Catch', 'list', {
  fields: [field('ErrorEquals', 'errors', main), field('Next', 'target', main), ASSIGN, OUTPUT, field('ResultPath', 'text', P), COMMENT],
});

const READER_CONFIG = field('ReaderConfig', 'object', {
  isMain: true,
  fields: [
    field('InputType', 'one', { isMain: true, options: ['CSV', 'JSON', 'JSONL', 'MANIFEST', 'PARQUET'] }),
    field('MaxItems', 'number'),
    field('MaxItemsPath', 'text', P),
    field('CSVHeaderLocation', 'one', { options: ['FIRST_ROW', 'GIVEN'] }),
    field('CSVHeaders', 'json'),
    field('CSVDelimiter', 'one', { options: ['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB'] }),
    field('ItemsPointer', 'text'),
    field('ManifestType', 'one', { options: ['S3_INVENTORY', 'ATHENA_DATA'] }),
    field('Transformation', 'one', { options: ['NONE', 'LOAD_AND_FLATTEN'] }),
  ],
});

const PROCESSOR = field('ItemProcessor', 'object', {
  fields: [
    field('ProcessorConfig', 'object', {
      isMain: true,
      fields: [
        field('Mode', 'one', { isMain: true, options: ['INLINE', 'DISTRIBUTED'] }),
        field('ExecutionType', 'one', { isMain: true, options: ['STANDARD', 'EXPRESS'] }),
      ],
    }),
  ],
});

const resource = field('Resource', 'text', main);

const MAP_IO: readonly FieldSpec[] = [
  field('ItemReader', 'object', { fields: [resource, { ...ARGUMENTS, isMain: true }, { ...PARAMETERS, isMain: true }, READER_CONFIG] }),
  field('ItemBatcher', 'object', {
    fields: [
      field('MaxItemsPerBatch', 'number', main),
      field('MaxItemsPerBatchPath', 'text', P),
      field('MaxInputBytesPerBatch', 'number'),
      field('MaxInputBytesPerBatchPath', 'text', P),
      field('BatchInput', 'json'),
    ],
  }),
  field('ResultWriter', 'object', {
    fields: [
      resource,
      { ...ARGUMENTS, isMain: true },
      { ...PARAMETERS, isMain: true },
      field('WriterConfig', 'object', {
        fields: [
          field('OutputType', 'one', { isMain: true, options: ['JSON', 'JSONL'] }),
          field('Transformation', 'one', { isMain: true, options: ['NONE', 'COMPACT', 'FLATTEN'] }),
        ],
      }),
    ],
  }),
];

/** The fields of each type of state, in the order in which one fills them in. */
const STATES: Readonly<Record<StateType, readonly FieldSpec[]>> = {
  Task: [
    resource,
    { ...ARGUMENTS, isMain: true },
    { ...PARAMETERS, isMain: true },
    ...FLOW,
    RETRY,
    CATCH,
    field('TimeoutSeconds', 'number'),
    field('TimeoutSecondsPath', 'text', P),
    field('HeartbeatSeconds', 'number'),
    field('HeartbeatSecondsPath', 'text', P),
    OUTPUT,
    IN,
    ...RESULT,
    OUT,
    ASSIGN,
    field('Credentials', 'json'),
    LANGUAGE,
    COMMENT,
  ],
  Pass: [
    { ...OUTPUT, isMain: true },
    field('Result', 'json', P),
    ...FLOW,
    PARAMETERS,
    IN,
    field('ResultPath', 'text', P),
    OUT,
    ASSIGN,
    LANGUAGE,
    COMMENT,
  ],
  Choice: [
    field('Choices', 'list', {
      isMain: true,
      fields: [
        field('Condition', 'text', { isMain: true, ...J }),
        field('Comparison', 'comparison', { isMain: true, ...P }),
        field('Next', 'target', main),
        ASSIGN,
        OUTPUT,
        COMMENT,
      ],
    }),
    field('Default', 'target', main),
    OUTPUT,
    IN,
    OUT,
    ASSIGN,
    LANGUAGE,
    COMMENT,
  ],
  Wait: [
    field('Seconds', 'number', main),
    field('Timestamp', 'text'),
    field('SecondsPath', 'text', P),
    field('TimestampPath', 'text', P),
    ...FLOW,
    OUTPUT,
    IN,
    OUT,
    ASSIGN,
    LANGUAGE,
    COMMENT,
  ],
  Succeed: [OUTPUT, IN, OUT, LANGUAGE, COMMENT],
  Fail: [
    field('Error', 'text', main),
    field('Cause', 'text', main),
    field('ErrorPath', 'text', P),
    field('CausePath', 'text', P),
    LANGUAGE,
    COMMENT,
  ],
  Parallel: [...FLOW, ARGUMENTS, PARAMETERS, RETRY, CATCH, OUTPUT, IN, ...RESULT, OUT, ASSIGN, LANGUAGE, COMMENT],
  Map: [
    field('Items', 'json', { isMain: true, ...J }),
    field('ItemsPath', 'text', { isMain: true, ...P }),
    field('ItemSelector', 'json'),
    field('MaxConcurrency', 'number', main),
    PROCESSOR,
    field('MaxConcurrencyPath', 'text', P),
    ...FLOW,
    RETRY,
    CATCH,
    ...MAP_IO,
    field('ToleratedFailurePercentage', 'number'),
    field('ToleratedFailurePercentagePath', 'text', P),
    field('ToleratedFailureCount', 'number'),
    field('ToleratedFailureCountPath', 'text', P),
    field('Label', 'text'),
    OUTPUT,
    IN,
    ...RESULT,
    OUT,
    ASSIGN,
    LANGUAGE,
    COMMENT,
  ],
};

/** Fields of the definition itself. */
export const MACHINE_FIELDS: readonly FieldSpec[] = [
  field('Comment', 'text', main),
  field('QueryLanguage', 'one', { isMain: true, options: LANGUAGES }),
  field('StartAt', 'target', main),
  field('TimeoutSeconds', 'number', main),
];

/** The fields that a state of one type has in one query language. */
export function fieldsOf(type: StateType, language: QueryLanguage): readonly FieldSpec[] {
  return inLanguage(STATES[type], language);
}

function inLanguage(fields: readonly FieldSpec[], language: QueryLanguage): readonly FieldSpec[] {
  return fields
    .filter((one) => one.language === undefined || one.language === language)
    .map((one) => (one.fields === undefined ? one : { ...one, fields: inLanguage(one.fields, language) }));
}
