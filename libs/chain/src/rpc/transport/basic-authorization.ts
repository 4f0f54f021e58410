/** A URL without its credentials, and these as a header (RFC 7617). */
export function splitCredentials(text: string): { url: string; headers: { authorization?: string } } {
  const url = new URL(text);
  const { username, password } = url;
  if (!username && !password) return { url: text, headers: {} };
  url.username = '';
  url.password = '';
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  return { url: url.href, headers: { authorization: `Basic ${credentials}` } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
