import Testing

/// Pieces that mean something in one of the formats, put together at random; fuzzers go on from here.
@Test(arguments: [1, 2, 3, 4] as [UInt64])
func whateverAFileContainsNothingTrapsAndNothingChangesByWriting(_ seed: UInt64) throws {
  var generator = SeededGenerator(seed: seed)
  let pieces = [
    ",", ";", "\"", "\n", "\r\n", "a", "Nimi", "Email", "1,5", "äö", "sep=;\n", "BEGIN:VCARD\n", "VERSION:4.0\n",
    "END:VCARD\n", "FN:x\n", "TEL;TYPE=\"a,b\":+358401234567\n", " folded\n", "punos-mapping 1\n", "[account]\n",
    "[contact]\n", " = display_name\n", "A = phones | phone\n", "key x = B\n", "constant country = FI\n", "{", "}", "[",
    "]", "\"k\":", "12.50", "\\u00e4", "\\ud83d\\ude00", "null", "\u{FEFF}", "\u{0}", "31.12.2026",
  ]
  for _ in 0..<600 {
    let text = (0..<Int.random(in: 0...20, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
      .joined()
    let bytes = Array(text.utf8)
    do {
      try FileExercise.table(bytes)
      try FileExercise.cards(bytes)
      try FileExercise.mappingFile(bytes)
      try FileExercise.json(bytes)
    } catch {
      Issue.record("seed \(seed), \(error): \(text.debugDescription)")
    }
  }
}

@Test(arguments: ["\u{07AD}", "\u{301}a,b\n1,2\n", "=\u{301},\"\u{301}x\n1,2\n", "\u{0}ADR:\u{07ED}\u{07AD}\u{2}"])
func namesThatBeginWithACombiningMarkSurviveWriting(_ text: String) throws {
  try FileExercise.table(Array(text.utf8))
  try FileExercise.cards(Array("BEGIN:VCARD\nVERSION:4.0\nFN:\(text.filter { !$0.isNewline })\nEND:VCARD\n".utf8))
}
