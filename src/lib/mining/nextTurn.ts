/**
 * Resolves in a later turn of the event loop, after the events that wait now. By a message and not by a timer, because
 * nested timers wait 4 ms or more (HTML standard, "timer initialisation steps"): at one every 10 ms that is a third of
 * the hash rate. A channel each time, because an open port would keep a Node process alive.
 */
export function nextTurn(): Promise<void> {
	return new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			port1.close();
			resolve();
		};
		port2.postMessage(undefined);
	});
}
