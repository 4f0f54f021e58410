// Without a listener, Node opens its inspector on this signal, and the inspector shows the keys. Import it first.
process.on('SIGUSR1', () => undefined);
