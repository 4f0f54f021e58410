/** What the console shows of the surroundings. Nothing of it is secret. */
export class ConsoleSettings {
  readonly chainId: number;
  readonly networkName: string;
  /** Without a slash at its end; null when there is no explorer to link to. */
  readonly explorerUrl: string | null;

  constructor(settings: {
    readonly chainId: number;
    readonly networkName: string;
    readonly explorerUrl: string | null;
  }) {
    this.chainId = settings.chainId;
    this.networkName = settings.networkName;
    this.explorerUrl = settings.explorerUrl;
  }
}
