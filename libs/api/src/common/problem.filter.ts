import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RequestContext } from '#telemetry';
import { toProblem } from './to-problem.js';
import { Problem } from './problem.js';
import { RouteTable } from './route-table.js';

/** Answers every failure, the framework's own included, as `application/problem+json` (RFC 9457). */
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

  /** Express knows only that no route fits: a path that other methods have is a 405 (RFC 9110, section 15.5.6). */
  private orMethodNotAllowed(problem: Problem, request: Request, methods: readonly string[]): Problem {
    const wrongMethod = methods.length > 0 && !methods.includes(request.method);
    if (problem.getStatus() !== 404 || !wrongMethod) return problem;
    return new Problem('method-not-allowed', { headers: { Allow: methods.join(', ') } });
  }
}
