// InteropMessages
