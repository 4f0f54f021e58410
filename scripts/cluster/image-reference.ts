/** An image, as the values of the chart name it; what its reference lacks is empty. */
export interface ImageReference {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** @throws Error with one sentence when it is no reference */
export function imageReference(text: string): ImageReference {
  const parts = /^(?<repository>[^@]+?)(?::(?<tag>\w[\w.-]*))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/.exec(text)?.groups;
  if (!parts) throw new Error(`'${text}' is no reference to an image.`);
  return { repository: parts['repository'] ?? '', tag: parts['tag'] ?? '', digest: parts['digest'] ?? '' };
}
