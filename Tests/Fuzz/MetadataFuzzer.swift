// A request's header fields against arbitrary bytes; see run.sh for the lines below.
// fuzz-modules: Compression RPC
// fuzz-sources: Tests/RPCTests/WireExercise.swift
// fuzz-options: -max_len=4096 -dict=Tests/Fuzz/metadata.dict

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMetadata(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    try WireExercise.metadata(UnsafeRawBufferPointer(start: data, count: count))
  } catch {
    fatalError("\(error)")  // libFuzzer keeps the input of a process that dies.
  }
  return 0
}
