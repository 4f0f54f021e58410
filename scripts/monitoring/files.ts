/** Where the chart's monitoring files are, from the folder of package.json. */
export const ALERTS = 'helm/token-deployer/files/alerts.yaml';
export const DASHBOARD = 'helm/token-deployer/files/dashboard.json';
export const ALERT_TESTS = ['scripts/monitoring/alerts.test.yaml', 'scripts/monitoring/alerts-over-days.test.yaml'];
