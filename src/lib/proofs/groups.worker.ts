import { expose } from 'comlink';
import { storedByteCache } from './byteCache';
import { groupsWorker } from './groupsWorker';

/** How many groups outlive the page. With 65,536 members one takes 2 MB. */
const MAX_KEPT_GROUPS = 4;

expose(groupsWorker(storedByteCache('pollen-groups', MAX_KEPT_GROUPS)));
