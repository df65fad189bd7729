// Messages and the store both have a FieldValue. In files that see both, the store's goes by this name.
internal import Store

typealias IndexValue = FieldValue
