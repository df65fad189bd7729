// The API and the store both have a SearchHit. In files that see both, the store's goes by this name.
internal import Store

typealias StoredHit = SearchHit
