// Files people import against arbitrary bytes; see run.sh for the lines below.
// fuzz-modules: FieldFormats DataFiles
// fuzz-sources: Tests/DataFilesTests/FileExercise.swift
// fuzz-options: -max_len=4096 -dict=Tests/Fuzz/files.dict

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCSV(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    try FileExercise.table(Array(UnsafeBufferPointer(start: data, count: count)))
  } catch {
    fatalError("\(error)")  // libFuzzer keeps the input of a process that dies.
  }
  return 0
}
