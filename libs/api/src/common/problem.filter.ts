import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { HoldError } from '#core';
import { RequestContext } from '#telemetry';
import { Problem, type ProblemCode } from './problem.js';
import { RouteTable } from './route-table.js';

const CODES: Readonly<Record<number, ProblemCode>> = {
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
};

/** Answers every error, including those of Nest and Express, as `application/problem+json` (RFC 9457). */
@Injectable()
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(
    private readonly requests: RequestContext,
    private readonly routes: RouteTable,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const route = this.routes.match(request.path);
    const problem = this.orMethodNotAllowed(toProblem(error), request, route?.methods ?? []);
    if (problem.getStatus() === 500) {
      this.logger.error({
        event: 'http.request_failed',
        message: 'request failed',
        method: request.method,
        route: route?.template,
        error,
      });
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response
      .status(problem.getStatus())
      .set(problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify({ ...problem.body, request_id: this.requests.requestId }));
  }

  /** Turns 404 into 405 when the path has other methods (RFC 9110, section 15.5.6). */
  private orMethodNotAllowed(problem: Problem, request: Request, methods: readonly string[]): Problem {
    const wrongMethod = methods.length > 0 && !methods.includes(request.method);
    if (problem.getStatus() !== 404 || !wrongMethod) return problem;
    return new Problem('method-not-allowed', { headers: { Allow: methods.join(', ') } });
  }
}

/** Hides the error's text from the client: it may be a driver's, or echo the request. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HoldError) return new Problem('dependency-unavailable', { detail: error.reason });
  const status = statusOf(error);
  if (status >= 400 && status < 500) return new Problem(CODES[status] ?? 'malformed-request');
  return new Problem('internal-error');
}

/** Reads the status of Nest's exceptions and of Express' body parser. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') return error.status;
  return 500;
}
