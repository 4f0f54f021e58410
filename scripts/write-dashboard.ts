// Writes the Grafana dashboard, as scripts/monitoring/dashboard defines it, into the chart.
import { writeFile } from 'node:fs/promises';
import { dashboardText } from './monitoring/dashboard/dashboard.js';
import { DASHBOARD } from './monitoring/files.js';

await writeFile(DASHBOARD, await dashboardText());
