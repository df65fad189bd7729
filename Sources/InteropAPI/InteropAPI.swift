// InteropAPI
