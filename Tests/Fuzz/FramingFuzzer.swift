// The framing and compression of gRPC messages against arbitrary bytes; see run.sh for the lines below.
// fuzz-modules: Compression RPC
// fuzz-sources: Tests/RPCTests/WireExercise.swift
// fuzz-options: -max_len=4096

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFraming(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    try WireExercise.framing(UnsafeRawBufferPointer(start: data, count: count))
  } catch {
    fatalError("\(error)")  // libFuzzer keeps the input of a process that dies.
  }
  return 0
}
