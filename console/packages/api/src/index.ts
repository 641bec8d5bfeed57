export { type AdminRequest, admin } from './admin';
export { type Action, aws } from './aws';
export type * from './decide';
export { ApiError, region, setRegion } from './http';
export type * from './see';
export { type Following, follow, type StreamState } from './stream';
export type * from './types';
