import Foundation
import Testing

@testable import DataFiles

@Test func quotedFieldsKeepDelimitersQuotesAndLineBreaks() throws {
  let table = try readTable("name,note\r\n\"Oy, Ab\",\"said \"\"yes\"\"\nthen no\"\r\nplain,5\" pipe\r\n")
  #expect(table.reader.header == ["name", "note"])
  #expect(table.rows == [["Oy, Ab", "said \"yes\"\nthen no"], ["plain", "5\" pipe"]])
  #expect(table.problems.isEmpty)
}

@Test(arguments: ["\n", "\r\n", "\r"])
func linesEndInAnyWayAndTheLastMayNotEndAtAll(_ end: String) throws {
  #expect(try readTable("a;b\(end)1;2\(end)\(end)3;4").rows == [["1", "2"], ["3", "4"]])
}

@Test(arguments: [",", ";", "\t", "|"])
func theDelimiterIsFound(_ delimiter: String) throws {
  let text = [["nimi", "hinta", "pvm"], ["Yritys", "\"1,5;|\t\"", "31.12.2026"], ["Toinen", "2", "1.1.2027"]]
    .map { $0.joined(separator: delimiter) }.joined(separator: "\n")
  let table = try readTable(text)
  #expect(table.reader.header == ["nimi", "hinta", "pvm"])
  #expect(table.rows.first == ["Yritys", "1,5;|\t", "31.12.2026"])
}

@Test func excelsDeclarationOfTheDelimiterIsUnderstood() throws {
  let table = try readTable("sep=;\r\na;b\r\n1,5;2\r\n")
  #expect(table.reader.header == ["a", "b"])
  #expect(table.rows == [["1,5", "2"]])
}

@Test func commasInDecimalsDoNotWinOverSemicolons() throws {
  let table = try readTable("nimi;a;b\nx;1,5;2,5\ny;3,5;4,5\n")
  #expect(table.rows == [["x", "1,5", "2,5"], ["y", "3,5", "4,5"]])
}

@Test func aRowWithAFieldTooManyOrTooFewIsNamedAndNeverShifted() throws {
  let table = try readTable("id,name,city\n1,A,Oulu\n2,B, Ab,Turku\n3,C\n4,D,Vaasa\n")
  #expect(table.rows == [["1", "A", "Oulu"], ["4", "D", "Vaasa"]])
  #expect(table.problems.map(\.position.line) == [3, 4])
  #expect(table.problems[0].reason.contains("4 fields where the header has 3"))
  #expect(table.problems[1].reason.contains("2 fields where the header has 3"))
  #expect(!table.problems[0].description.contains("Turku"))
}

@Test func aQuoteThatNeverClosesIsNamedWhereItOpened() throws {
  let error = #expect(throws: DataFileError.self) {
    try readTable("a,b,c\n1,2,3\nä,\"x\"\"y\",\"never closed\n5,6,7\n")
  }
  #expect(error?.kind == .unclosedQuote)
  #expect(error?.position == FilePosition(line: 3, character: 10, column: 3))
}

@Test func aQuoteThatNeverClosesInALargeFileIsNamedWithoutReadingItAll() throws {
  let text = "a,b\n1,\"2\n" + String(repeating: "x,y\n", count: 400_000)
  let error = #expect(throws: DataFileError.self) { try readTable(text) }
  #expect(error?.kind == .unclosedQuote)
  #expect(error?.position == FilePosition(line: 2, character: 3, column: 2))
}

@Test func aRowOfTenMegabytesIsNamedAndTheRestGoesOn() throws {
  let long = String(repeating: "x", count: 10_000_000)
  let table = try readTable("a,b\n1,2\n\(long),3\n4,5\n")
  #expect(table.rows == [["1", "2"], ["4", "5"]])
  #expect(table.problems.map(\.position.line) == [3])
}

@Test func aRowOfNothingButQuotesStaysWithinTheLimit() throws {
  let table = try readTable("a\nx" + String(repeating: "\"", count: 1_200_000) + "\n2\n")
  #expect(table.rows == [["2"]])
  #expect(table.problems.count == 1)
  let error = #expect(throws: DataFileError.self) {
    try readTable("a\n" + String(repeating: "\"", count: 2_400_001) + "\n2\n")
  }
  #expect(error?.kind == .unclosedQuote)
}

@Test func aRowOfTooManyFieldsIsNamedAndTheRestGoesOn() throws {
  var limits = CSVLimits()
  limits.fields = 3
  let table = try readTable(Array("a,b\n1,2,3,4,5\n6,7\n".utf8), limits: limits)
  #expect(table.rows == [["6", "7"]])
  #expect(table.problems.map(\.position.line) == [2])
}

@Test func textBehindAClosingQuoteIsNamed() throws {
  let table = try readTable("a,b\n\"x\"y,2\n3,4\n")
  #expect(table.rows == [["3", "4"]])
  #expect(table.problems.first?.position == FilePosition(line: 2, character: 4, column: 1))
}

@Test func linesAreCountedThroughLineBreaksInFields() throws {
  let table = try readTable("a,b\r\n\"1\r\n2\r\n3\",x\r\nonly one\r\n")
  #expect(table.problems.map(\.position.line) == [5])
  let empty = try readTable("a,b\r\n\r\n\r\n1\r\n")
  #expect(empty.problems.map(\.position.line) == [4])
}

@Test(arguments: TextEncoding.allCases)
func everyEncodingIsFoundAndReadAlike(_ encoding: TextEncoding) throws {
  let text = "nimi;kaupunki\nÄänekosken Sähkö;Ähtäri\nÅngström;Malmö\n"
  let special = encoding == .latin1 ? text : text + "“Euro” €;–\n"
  let foundation: String.Encoding =
    switch encoding {
    case .utf8: .utf8
    case .utf16LittleEndian: .utf16LittleEndian
    case .utf16BigEndian: .utf16BigEndian
    case .latin1: .isoLatin1
    case .windows1252: .windowsCP1252
    }
  let bytes = [UInt8](try #require(special.data(using: foundation)))
  let table = try readTable(bytes)
  #expect(table.reader.encoding.encoding == encoding)
  #expect(table.rows.first == ["Äänekosken Sähkö", "Ähtäri"])
  #expect(table.rows.count == (encoding == .latin1 ? 2 : 3))
  #expect(table.rows.last == (encoding == .latin1 ? ["Ångström", "Malmö"] : ["“Euro” €", "–"]))
}

@Test func byteOrderMarksAreSaidAndAreNotPartOfTheFirstName() throws {
  let utf8 = try readTable([0xEF, 0xBB, 0xBF] + Array("nimi,x\n1,2\n".utf8))
  #expect(utf8.reader.header == ["nimi", "x"])
  #expect(utf8.reader.encoding.description == "UTF-8 with byte order mark")
  let utf16 = try readTable([0xFF, 0xFE] + "å,x\n1,😀\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
  #expect(utf16.reader.header == ["å", "x"])
  #expect(utf16.rows == [["1", "😀"]])
}

@Test func oneBadLetterInAFileSaidToBeUTF8CostsOneRow() throws {
  var bytes = Array("a,b\n1,2\n3,".utf8)
  bytes.append(0xE4)
  bytes += Array("\n5,6\n".utf8)
  let table = try readTable(bytes, encoding: .utf8)
  #expect(table.rows == [["1", "2"], ["5", "6"]])
  #expect(table.problems.first?.position == FilePosition(line: 3, column: 2))
  #expect(table.problems.first?.columnName == "b")
}

@Test func oneLetterInTheLastLineDecidesTheEncodingOfALargeFile() throws {
  var bytes = Array("a,b\n".utf8)
  for _ in 0..<200_000 { bytes += Array("1,2\n".utf8) }
  bytes += [0xE4, 0x2C, 0x33, 0x0A]
  let table = try readTable(bytes)
  #expect(table.reader.encoding.encoding == .latin1)
  #expect(table.rows.last == ["ä", "3"])
}

@Test(
  arguments: [
    ([0x50, 0x4B, 0x03, 0x04, 0x14, 0x00] as [UInt8], "Excel"), ([0x1F, 0x8B, 0x08], "gzip"),
    (Array("{\"a\": 1}".utf8), "JSON"), (Array("BEGIN:VCARD\n".utf8), "vCard"),
    (Array("<!DOCTYPE html><html>".utf8), "web page"), (Array("%PDF-1.7".utf8), "PDF"), ([], "empty"),
  ])
func aFileThatIsNotWhatItsNameSaysIsNamed(_ bytes: [UInt8], _ word: String) {
  let error = #expect(throws: DataFileError.self) { try readTable(bytes) }
  #expect(error?.message.contains(word) == true, "\(String(describing: error))")
}

@Test func aMissingFileAndAFolderAreNamed() {
  #expect(throws: DataFileError.self) { try ByteSource(path: "/nowhere/at/all.csv") }
  #expect(throws: DataFileError.self) { try ByteSource(path: "/tmp") }
}

@Test func whatTheWriterWritesTheReaderReads() throws {
  let seed: UInt64 = 20_261_122
  var generator = SeededGenerator(seed: seed)
  let pieces = ["a", "ä", ",", ";", "\"", "\n", "\r", "\r\n", " ", "x y", "", "€", "\t", "|"]
  for _ in 0..<500 {
    let width = Int.random(in: 1...6, using: &generator)
    let rows = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
      (0..<width).map { _ in
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? "" }
          .joined()
      }
    }
    var writer = CSVWriter()
    for row in rows { writer.write(row) }
    let table = try readTable(writer.output, format: CSVFormat(), encoding: .utf8, hasHeader: false)
    #expect(table.rows == rows, "seed \(seed)")
    #expect(table.problems.isEmpty)
  }
}

@Test func chunksMayEndAnywhere() throws {
  let text = Array("a;\"b\"\"b\";ä€\r\n\"x\r\ny\";2;😀\r\n\r\n;;\r\n\"\r\";\"\n\";\"\"".utf8)
  let whole = try readTable(text, hasHeader: false)
  #expect(whole.rows == [["a", "b\"b", "ä€"], ["x\r\ny", "2", "😀"], ["", "", ""], ["\r", "\n", ""]])
  for size in 1...text.count {
    var parser = CSVParser(format: CSVFormat(delimiter: UInt8(ascii: ";")), limits: CSVLimits())
    var record = CSVRecord()
    var rows: [[String]] = []
    parser.begin(&record)
    func collect(_ outcome: CSVParser.Outcome) {
      guard case .record = outcome else { return }
      rows.append(record.fields)
      parser.begin(&record)
    }
    for start in stride(from: 0, to: text.count, by: size) {
      let chunk = Array(text[start..<min(text.count, start + size)])
      var position = 0
      while position < chunk.count {
        collect(chunk.withUnsafeBufferPointer { parser.parse($0, &position, &record) })
      }
    }
    collect(parser.end(&record))
    #expect(rows == whole.rows, "chunks of \(size) bytes")
    #expect(parser.line == 8)
  }
}

@Test func tenThousandGeneratedTablesReadAsPythonReadsThem() throws {
  let seed = Int(ProcessInfo.processInfo.environment["PUNOS_SEED"] ?? "") ?? 20_261_122
  let output = FileManager.default.temporaryDirectory.appending(path: "punos-csv-\(UUID().uuidString).jsonl")
  defer { try? FileManager.default.removeItem(at: output) }
  let python = Process()
  python.executableURL = URL(filePath: "/usr/bin/env")
  python.arguments = [
    "python3", packageFolder.appending(path: "Tests/Interop/csv_reference.py").path, "\(seed)", "10000", output.path,
  ]
  try python.run()
  python.waitUntilExit()
  try #require(python.terminationStatus == 0)
  let lines = try JSONLinesReader(ByteSource(path: output.path))
  var compared = 0
  var refused = 0
  while let line = try lines.next() {
    let value = try line.value.get()
    let text = try #require(value["text"]?.stringValue.flatMap { Data(base64Encoded: $0) })
    let delimiter = try #require(value["delimiter"]?.stringValue?.utf8.first)
    compared += 1
    if text.isEmpty { continue }
    let format = CSVFormat(delimiter: delimiter)
    let table = try? readTable([UInt8](text), format: format, encoding: .utf8, hasHeader: false)
    guard let rows = value["rows"]?.arrayValue else {
      refused += 1
      #expect(table == nil || table?.problems.isEmpty == false, "seed \(seed), line \(line.line): accepted")
      continue
    }
    let expected = rows.map { $0.arrayValue?.map { $0.stringValue ?? "" } ?? [] }
    #expect(table?.rows == expected, "seed \(seed), line \(line.line)")
    #expect(table?.problems.isEmpty == true, "seed \(seed), line \(line.line)")
  }
  #expect(compared == 10_000)
  #expect(refused > 500)
}

@Test(.enabled(if: RealFiles.areExpected, "the real files are not there"))
func theRealTablesAreReadWithTheirFaultsNamed() throws {
  func count(_ name: String) throws -> (rows: Int, problems: [RecordProblem]) {
    let reader = try CSVReader(ByteSource(path: RealFiles.path(name)))
    var record = CSVRecord()
    var rows = 0
    var problems: [RecordProblem] = []
    while try reader.next(&record) {
      if let problem = record.problem { problems.append(problem) } else { rows += 1 }
    }
    return (rows, problems)
  }
  #expect(try count("maven-crm/accounts.csv").rows == 85)
  #expect(try count("maven-crm/sales_pipeline.csv").rows == 8_800)
  #expect(try count("maven-crm/sales_teams.csv").rows == 35)
  let customers = try count("northwind/customers.csv")
  #expect(customers.rows == 67)
  #expect(customers.problems.count == 24)
  #expect(customers.problems.allSatisfy { $0.reason.contains("12 fields where the header has 11") })
  #expect(try count("northwind/order-details.csv").rows == 2_155)
}
