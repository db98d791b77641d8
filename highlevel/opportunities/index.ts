import { opportunityInTheWay } from './duplicates.ts';
import { addFollowers, removeAllFollowers, removeFollowers } from './followers.ts';
import { findJustCreated, readIfThere } from './just-created.ts';
import { readByMoment } from './moments.ts';
import { readNewest } from './paging.ts';
import { present, presentCreated, presentOne } from './present.ts';
import { getOpportunity, searchPage } from './requests.ts';
import { searchOpportunities } from './search.ts';
import { createOpportunity, deleteOpportunity, setStatus, updateOpportunity } from './writes.ts';

/** The opportunities of a sub-account. */
export const opportunities = {
  get: getOpportunity,
  getIfThere: readIfThere,
  create: createOpportunity,
  update: updateOpportunity,
  setStatus,
  remove: deleteOpportunity,
  addFollowers,
  removeFollowers,
  removeAllFollowers,
  inTheWay: opportunityInTheWay,
  findJustCreated,
  searchPage,
  search: searchOpportunities,
  readNewest,
  readByMoment,
  present,
  presentOne,
  presentCreated,
};
