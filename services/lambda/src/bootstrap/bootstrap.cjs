// Runs one Lambda function written in JavaScript against the Lambda Runtime API.
//
// One process serves one invocation at a time. What functions and callers can see (event and result encoding,
// error documents, log lines, context object, waiting for the event loop) is that of AWS's own runtime.
'use strict';

const fs = require('fs');
const net = require('net');
const path = require('path');
const util = require('util');
const { PassThrough } = require('stream');
const { pathToFileURL } = require('url');

const TASK_ROOT = process.env.LAMBDA_TASK_ROOT;
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

let currentRequestId;
let onEventLoopEmpty = () => {};

/** A one-connection HTTP/1.1 client. The connection keeps the event loop alive only while a call is pending. */
class RuntimeClient {
  constructor(address) {
    const [host, port] = address.split(':');
    this.address = address;
    this.pending = null;
    this.chunks = [];
    this.socket = net.connect({ host, port: Number(port), noDelay: true });
    this.socket.on('data', (chunk) => this.receive(chunk));
    // Without its server the process has no reason to live.
    this.socket.on('error', () => process.exit(1));
    this.socket.on('close', () => process.exit(1));
    this.socket.unref();
  }

  next() {
    return this.call('GET', '/runtime/invocation/next', Buffer.alloc(0), {});
  }

  respond(id, body) {
    const headers = { 'Content-Type': 'application/json' };
    return this.call('POST', `/runtime/invocation/${id}/response`, Buffer.from(body), headers);
  }

  fail(id, error) {
    return this.postError(`/runtime/invocation/${id}/error`, error);
  }

  failInit(error) {
    return this.postError('/runtime/init/error', error);
  }

  postError(target, error) {
    const document = errorDocument(error);
    const kind = String(document.errorType).replace(/[^\x20-\x7e]/g, '?');
    const headers = {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Function-Error-Type': kind,
    };
    return this.call('POST', target, Buffer.from(JSON.stringify(document)), headers);
  }

  call(method, target, body, headers) {
    let head = `${method} /2018-06-01${target} HTTP/1.1\r\nHost: ${this.address}\r\n`;
    for (const [name, value] of Object.entries(headers)) head += `${name}: ${value}\r\n`;
    head += `Content-Length: ${body.length}\r\n\r\n`;
    return new Promise((resolve) => {
      this.pending = resolve;
      this.socket.ref();
      this.socket.write(body.length ? Buffer.concat([Buffer.from(head), body]) : head);
    });
  }

  receive(chunk) {
    this.chunks.push(chunk);
    const whole = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks);
    this.chunks = [whole];
    const end = whole.indexOf('\r\n\r\n');
    if (end < 0) return;
    const lines = whole.toString('latin1', 0, end).split('\r\n');
    const headers = {};
    for (const line of lines.slice(1)) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const start = end + 4;
    const total = start + Number(headers['content-length'] || 0);
    if (whole.length < total) return;
    this.chunks = whole.length > total ? [whole.subarray(total)] : [];
    const resolve = this.pending;
    this.pending = null;
    this.socket.unref();
    if (resolve) resolve({ status: Number(lines[0].split(' ')[1]), headers, body: whole.subarray(start, total) });
  }
}

class ImportModuleError extends Error {}
class HandlerNotFound extends Error {}
class MalformedHandlerName extends Error {}
class UserCodeSyntaxError extends Error {}
class CallbackHandlerDeprecated extends Error {}
class UnhandledPromiseRejection extends Error {
  constructor(reason, promise) {
    super(reason);
    this.reason = reason;
    this.promise = promise;
  }
}
class NodeJsExit extends Error {
  constructor() {
    super(
      'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a ' +
        'Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes',
    );
  }
}
const RUNTIME_ERRORS = [
  ImportModuleError,
  HandlerNotFound,
  MalformedHandlerName,
  UserCodeSyntaxError,
  CallbackHandlerDeprecated,
  UnhandledPromiseRejection,
  NodeJsExit,
];
for (const kind of RUNTIME_ERRORS) kind.prototype.name = `Runtime.${kind.name}`;

/** Paths as they are on AWS: the function's files in /var/task, this file in /var/runtime. */
function shown(text) {
  return text
    .replaceAll(pathToFileURL(TASK_ROOT).href, 'file:///var/task')
    .replaceAll(TASK_ROOT, '/var/task')
    .replaceAll(__filename, 'file:///var/runtime/index.mjs');
}

function isErrorLike(value) {
  return (
    util.types.isNativeError(value) ||
    Boolean(
      value &&
        [value.name, value.message, value.stack].every((part) => typeof part === 'string' && part !== ''),
    )
  );
}

function errorDocument(error) {
  try {
    if (isErrorLike(error)) {
      return {
        errorType: error.name,
        errorMessage: shown(error.message),
        trace: shown(error.stack).split('\n'),
      };
    }
    return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
    };
  }
}

function logError(title, given) {
  const error = given instanceof Error ? given : new Error(given);
  const describe = (_key, value) => {
    if (!(value instanceof Error)) return value;
    const plain = { errorType: value.name, errorMessage: value.message, code: value.code, ...value };
    if (typeof value.stack === 'string') plain.stack = value.stack.split('\n');
    return plain;
  };
  let text;
  try {
    text = JSON.stringify(error, describe);
  } catch {
    text = JSON.stringify(errorDocument(error));
  }
  console.error(title, '\t' + shown(text));
}

function patchConsole() {
  const printer = (level) => (message, ...rest) => {
    const line = `${new Date().toISOString()}\t${currentRequestId}\t${level}\t${util.format(message, ...rest)}`;
    process.stdout.write(line.replace(/\n/g, '\r') + '\n');
  };
  console.trace = printer('TRACE');
  console.debug = printer('DEBUG');
  console.info = printer('INFO');
  console.log = console.info;
  console.warn = printer('WARN');
  console.error = printer('ERROR');
  console.fatal = printer('FATAL');
}

function inModulePackage(folder) {
  for (let at = folder; !at.endsWith('/node_modules'); at = path.dirname(at)) {
    const file = path.join(at, 'package.json');
    if (fs.existsSync(file)) {
      try {
        return JSON.parse(fs.readFileSync(file, 'utf8')).type === 'module';
      } catch (error) {
        console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
        return false;
      }
    }
    if (at === path.dirname(at)) return false;
  }
  return false;
}

async function importModule(root, name) {
  const base = path.resolve(TASK_ROOT, root, name);
  const isModule = inModulePackage(path.dirname(base));
  const loaders = [
    ['', false],
    ['.js', isModule],
    ['.mjs', true],
    ['.cjs', false],
  ];
  for (const [extension, asModule] of loaders) {
    const file = base + extension;
    if (!fs.existsSync(file) || (extension === '' && fs.statSync(file).isDirectory())) continue;
    return asModule ? await import(pathToFileURL(file).href) : require(file);
  }
  return require(require.resolve(name, { paths: [TASK_ROOT, path.resolve(TASK_ROOT, root)] }));
}

async function loadHandler(name) {
  if (name.includes('..')) {
    throw new MalformedHandlerName(
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const file = path.basename(name);
  const parts = /^([^.]*)\.(.*)$/.exec(file);
  if (!parts) throw new MalformedHandlerName('Bad handler');
  let loaded;
  try {
    loaded = await importModule(name.slice(0, name.indexOf(file)), parts[1]);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UserCodeSyntaxError(error);
    if (error && error.code === 'MODULE_NOT_FOUND') throw new ImportModuleError(error);
    throw error;
  }
  const handler = parts[2].split('.').reduce((value, key) => value && value[key], loaded);
  if (!handler) throw new HandlerNotFound(`${name} is undefined or not exported`);
  if (typeof handler !== 'function') throw new HandlerNotFound(`${name} is not a function`);
  refuseCallbacks(handler);
  return handler;
}

/** From Node 24 on AWS gives no callback, and says so instead of running a handler that expects one. */
function refuseCallbacks(handler) {
  const version = /^AWS_Lambda_nodejs(\d+)\.x$/.exec(process.env.AWS_EXECUTION_ENV || '');
  if (!version || Number(version[1]) < 24 || handler.length < 3 || handler[STREAMING]) return;
  throw new CallbackHandlerDeprecated(
    'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
      'You need to modify this function to use a supported handler signature to use Node.js 24 or later. ' +
      'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.',
  );
}

function stringify(value) {
  try {
    return JSON.stringify(value === undefined ? null : value) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

function parseHeader(text, name) {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
  } catch (error) {
    throw new Error(`Cannot parse ${name} as json: ${error}`);
  }
}

class Runtime {
  constructor(client, handler) {
    this.client = client;
    this.handler = handler;
    this.isAsync = handler.constructor && handler.constructor.name === 'AsyncFunction';
    this.failFatally = (error) => client.failInit(error);
  }

  scheduleIteration() {
    onEventLoopEmpty = () => {};
    setImmediate(() => this.handleOnce());
  }

  async handleOnce() {
    const { status, headers, body } = await this.client.next();
    if (status !== 200) process.exit(1);
    currentRequestId = headers['lambda-runtime-aws-request-id'];
    const trace = headers['lambda-runtime-trace-id'];
    if (trace) process.env._X_AMZN_TRACE_ID = trace;
    else delete process.env._X_AMZN_TRACE_ID;
    this.failFatally = (error) => this.client.fail(currentRequestId, error);
    if (this.handler[STREAMING]) await this.handleOnceStreaming(headers, body);
    else this.handleOnceNonStreaming(headers, body);
  }

  handleOnceNonStreaming(headers, body) {
    const invocation = new Invocation(this, headers['lambda-runtime-aws-request-id']);
    onEventLoopEmpty = () => invocation.abandoned(this.isAsync);
    try {
      const context = Object.assign(invocation.callbacks(), contextData(headers));
      const result = this.handler(JSON.parse(body.toString('utf8')), context, invocation.callback);
      if (result && typeof result.then === 'function') {
        result.then(context.succeed, context.fail).catch(context.fail);
      }
    } catch (error) {
      invocation.callback(error);
    }
  }

  async handleOnceStreaming(headers, body) {
    const id = headers['lambda-runtime-aws-request-id'];
    const chunks = [];
    const stream = new PassThrough();
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.setContentType = () => {};
    try {
      const event = JSON.parse(body.toString('utf8'));
      await this.handler(event, stream, contextData(headers));
      if (!stream.writableEnded) throw 'Response stream is not finished.';
      if (!stream.readableEnded) await new Promise((resolve) => stream.once('end', resolve));
      await this.client.respond(id, Buffer.concat(chunks));
    } catch (error) {
      logError('Invoke Error', error);
      await this.client.fail(id, error);
    }
    this.scheduleIteration();
  }
}

/** One invocation's way back: only the first of callback, succeed, fail and done counts. */
class Invocation {
  constructor(runtime, id) {
    this.runtime = runtime;
    this.id = id;
    this.finished = false;
    this.waitForEmptyEventLoop = true;
    this.callback = (error, result) => this.once(() => this.called(error, result));
  }

  callbacks() {
    const invocation = this;
    const done = (error, result) => this.once(() => this.complete(error, result));
    return {
      get callbackWaitsForEmptyEventLoop() {
        return invocation.waitForEmptyEventLoop;
      },
      set callbackWaitsForEmptyEventLoop(value) {
        invocation.waitForEmptyEventLoop = value;
      },
      succeed: (result) => done(null, result),
      fail: (error) => done(error === undefined || error === null ? 'handled' : error),
      done,
    };
  }

  once(action) {
    if (this.finished) return;
    action();
    this.finished = true;
  }

  called(error, result) {
    if ((error !== undefined && error !== null) || !this.waitForEmptyEventLoop) {
      this.complete(error, result);
    } else {
      onEventLoopEmpty = () => this.complete(null, result);
    }
  }

  complete(error, result) {
    onEventLoopEmpty = () => {};
    if (error !== undefined && error !== null) {
      logError('Invoke Error', error);
      this.post(this.runtime.client.fail(this.id, error));
    } else {
      this.post(this.runtime.client.respond(this.id, stringify(result)));
    }
  }

  abandoned(isAsync) {
    if (this.finished) return;
    this.finished = true;
    this.complete(isAsync ? new NodeJsExit() : null, null);
  }

  post(answered) {
    answered.then(() => this.runtime.scheduleIteration());
  }
}

function contextData(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parseHeader(headers['lambda-runtime-client-context'], 'ClientContext'),
    identity: parseHeader(headers['lambda-runtime-cognito-identity'], 'CognitoIdentity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

async function main() {
  patchConsole();
  const client = new RuntimeClient(process.env.AWS_LAMBDA_RUNTIME_API);
  let runtime = { failFatally: (error) => client.failInit(error) };
  process.on('uncaughtException', (error) => {
    logError('Uncaught Exception', error);
    runtime.failFatally(error).then(() => process.exit(129));
  });
  process.on('unhandledRejection', (reason, promise) => {
    const error = new UnhandledPromiseRejection(reason, promise);
    logError('Unhandled Promise Rejection', error);
    runtime.failFatally(error).then(() => process.exit(128));
  });
  process.on('beforeExit', () => onEventLoopEmpty());
  globalThis.awslambda = {
    streamifyResponse: (handler) => {
      handler[STREAMING] = 'response';
      return handler;
    },
    HttpResponseStream: { from: (stream) => stream },
  };
  try {
    runtime = new Runtime(client, await loadHandler(process.env._HANDLER || ''));
  } catch (error) {
    logError('Uncaught Exception', error);
    await client.failInit(error);
    process.exit(129);
  }
  runtime.scheduleIteration();
}

main();
