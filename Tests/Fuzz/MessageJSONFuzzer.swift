// Arbitrary text as the JSON of a contact; see run.sh for the lines below.
// fuzz-c-modules: CPunosMessages
// fuzz-modules: FieldFormats ProtobufBridge PunosMessages
// fuzz-sources: Tests/PunosMessagesTests/MessageExercise.swift
// fuzz-options: -max_len=4096

import PunosMessages

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMessageJSON(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    try MessageExercise.json(Contact.self, UnsafeRawBufferPointer(start: data, count: count))
  } catch {
    fatalError("\(error)")  // libFuzzer keeps the input of a process that dies.
  }
  return 0
}
