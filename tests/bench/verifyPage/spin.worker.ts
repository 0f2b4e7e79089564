/** Counts for a while whenever it is told to: the work that shares nothing with other workers, not even memory. */
self.onmessage = () => {
	let value = 1;
	for (let step = 0; step < 100_000_000; step++) value = (value * 31 + step) | 0;
	self.postMessage(value);
};
