// The API and the store both have a Change. In files that see both, the store's goes by this name.
internal import Store

typealias StoredChange = Change
