// The HTTP/2 session against arbitrary bytes from a peer; see run.sh for the lines below.
// fuzz-modules: HTTP2
// fuzz-sources: Tests/HTTP2Tests/SessionExercise.swift
// fuzz-options: -max_len=4096 -dict=Tests/Fuzz/http2.dict

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHTTP2(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    try SessionExercise.run(UnsafeRawBufferPointer(start: data, count: count))
  } catch {
    fatalError("\(error)")  // libFuzzer keeps the input of a process that dies.
  }
  return 0
}
