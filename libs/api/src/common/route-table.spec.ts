import { Controller, Delete, Get, Post } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { RouteTable } from './route-table.js';

@Controller('things')
class ThingsController {
  @Get()
  list(): void {}

  @Get(':id')
  find(): void {}

  @Delete(':id')
  remove(): void {}

  @Post('sweep')
  sweep(): void {}

  notARoute(): void {}
}

describe('RouteTable', () => {
  const routes = new RouteTable([ThingsController]);

  it.each([
    ['/things', '/things', ['GET', 'HEAD']],
    ['/things/', '/things', ['GET', 'HEAD']],
    ['/things/7', '/things/:id', ['GET', 'HEAD', 'DELETE']],
    ['/things/a%2Fb', '/things/:id', ['GET', 'HEAD', 'DELETE']],
    ['/things/sweep', '/things/sweep', ['POST']],
  ])('finds %s under its template', (path, template, methods) => {
    expect(routes.match(path)).toMatchObject({ template, methods });
  });

  it.each(['/', '/thing', '/things/7/more', '/things//', '/other/things'])('knows nothing of %s', (path) => {
    expect(routes.match(path)).toBeNull();
  });
});
