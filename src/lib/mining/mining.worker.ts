import { serveMining } from './serveMining';
import type { MiningChannel } from './workerMessages';

// The project's type library is that of pages, where `self` is a window; in a worker it is the channel to the page.
serveMining(self as unknown as MiningChannel);
