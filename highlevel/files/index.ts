import { uploadFile } from './upload.ts';

/** Files on their way into HighLevel. */
export const files = { upload: uploadFile };
