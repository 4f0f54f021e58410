import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Public, RequireScope } from '../auth/access.decorator.js';
import { BearerTokens } from '../auth/bearer-tokens.service.js';
import { holderOf } from '../auth/operator.js';
import { Problem } from '../common/problem.js';
import { ApiSettings } from '../api-settings.js';
import { ConsoleFiles } from './console-files.service.js';
import { ConsoleSettings } from './console-settings.js';
import { PAGE_HEADERS } from './page-headers.js';
import type { SessionBody } from './session.dto.js';

/** The page of the engineer on call. Its files are open and hold no data: all it shows comes over the operator API. */
@Controller('console')
export class ConsoleController {
  constructor(
    private readonly files: ConsoleFiles,
    private readonly tokens: BearerTokens,
    private readonly settings: ApiSettings,
    private readonly surroundings: ConsoleSettings,
  ) {}

  /** Without any token configured a page that says so, as 503. */
  @Public()
  @Get()
  page(@Req() request: Request, @Res({ passthrough: true }) response: Response): string {
    // The page names its files relative to itself, so that it works below any prefix; a slash at its end would break that.
    if (request.path.endsWith('/')) {
      response.redirect(308, '../console');
      return '';
    }
    if (this.tokens.any) return this.serve('index.html', response);
    response.status(503);
    return this.serve('disabled.html', response);
  }

  /** Who the token belongs to, and what the page needs to know beside the data. */
  @RequireScope('read')
  @Get('session')
  session(@Req() request: Request): SessionBody {
    const { id, scope } = holderOf(request);
    const { chainId, networkName, explorerUrl } = this.surroundings;
    return {
      actor: id,
      scope,
      service: this.settings.serviceName,
      version: this.settings.version,
      chain_id: chainId,
      network: networkName,
      explorer_url: explorerUrl,
    };
  }

  @Public()
  @Get(':file')
  file(@Param('file') name: string, @Res({ passthrough: true }) response: Response): string {
    return this.serve(name, response);
  }

  private serve(name: string, response: Response): string {
    const file = this.files.find(name);
    if (file === null) throw new Problem('not-found');
    response.set(PAGE_HEADERS).set('Content-Type', file.contentType);
    return file.text;
  }
}
