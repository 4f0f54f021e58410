import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem, type ProblemCode } from './problem.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** What Node's parser gives up with (https://nodejs.org/api/http.html#event-clienterror). */
const CODES: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'payload-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/** Answers with problems, too, what Node refuses before any route could: broken, endless and oversized requests. */
export function answerClientErrors(server: Server): void {
  const answering = new WeakSet<Duplex>();
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    answering.add(socket);
    response.once('close', () => answering.delete(socket));
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const { status, headers, body } = answer('expectation-failed');
    response.writeHead(status, headers).end(body);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Part of a response was sent already, or the client is gone.
    if (answering.has(socket) || !socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else socket.end(inBytes(CODES[error.code ?? ''] ?? 'malformed-request'));
  });
}

function inBytes(code: ProblemCode): string {
  const { status, headers, body } = answer(code);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n');
}

function answer(code: ProblemCode) {
  const problem = new Problem(code);
  const requestId = randomUUID();
  const body = JSON.stringify({ ...problem.body, request_id: requestId });
  const headers = {
    ...SECURITY_HEADERS,
    'X-Request-Id': requestId,
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  return { status: problem.getStatus(), headers, body };
}
