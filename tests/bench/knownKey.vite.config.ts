import { mergeConfig, type Plugin } from 'vite';
import site from '../../vite.config';
import { keyOfKnownTrapdoor } from './knownTrapdoor';

/** How the site is built with {@link keyOfKnownTrapdoor} where the keys of Semaphore are, and nothing else changed. */
export default mergeConfig(site, { plugins: [knownKey()], worker: { plugins: () => [knownKey()] } });

function knownKey(): Plugin {
	return {
		name: 'pollen-known-key',
		enforce: 'pre',
		load: (id) =>
			/semaphore-artifacts\/semaphore-\d+\.json$/.test(id) ? JSON.stringify(keyOfKnownTrapdoor()) : undefined
	};
}
