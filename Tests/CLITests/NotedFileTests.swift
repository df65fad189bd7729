import Domain
import Testing

@testable import CLI

/// What a folder keeps of a file, as text.
@Suite struct NotedFileTests {
  private static let base = NotedVersion(text: "---\nname: a\n---\n\nyötä\n", revision: 7)
  private static let next = NotedVersion(text: "---\nname: a\n---\n\nöitä\n", revision: 9)

  private static let notes: [FileNote] = [
    FileNote(base: base),
    FileNote(base: NotedVersion(text: "typed", revision: 8, isBehind: true)),
    FileNote(base: base, begun: .push(text: "typed\n", requestID: "r1")),
    FileNote(base: nil, begun: .push(text: "typed\n", requestID: "r1")),
    FileNote(base: base, begun: .write(text: next.text, version: next, isNew: false)),
    FileNote(base: base, begun: .write(text: "<<<<<<< both", version: next, isNew: false)),
    FileNote(base: nil, begun: .write(text: next.text, version: next, isNew: true)),
  ]

  @Test(arguments: notes) func whatIsNotedIsReadBack(_ note: FileNote) throws {
    let noted = NotedFile(name: "accounts/a/handovers/h", path: "a/my file.md", note: note)
    #expect(NotedFile(noted.text) == noted)
  }

  @Test func aFolderOfAnOlderClientGoesOn() throws {
    let noted = try #require(NotedFile("accounts/a/handovers/h\n12\na/h.md\n---\nname: x\n"))
    #expect(noted.note == FileNote(base: NotedVersion(text: "---\nname: x\n", revision: 12)))
  }

  @Test(arguments: [
    "", "name", "name\n\npath\ntext", "name\n-\npath\n", "name\nx\npath\ntext", "name\n+\npath\ntext",
    "name\n7 push\npath\ntext", "name\n7 push id 99\npath\ntext", "name\n7 push id -1\npath\ntext",
    "name\n7 write 9 2 99\npath\ntext", "name\n7 write x 2 1\npath\ntext", "name\n7 else 9 2 1\npath\ntext",
    "name\n99999999999999999999\npath\ntext", "name\n7 write 9 99999999999999999999 1\npath\ntext",
  ])
  func whatIsNoNoteCountsAsNone(_ text: String) { #expect(NotedFile(text) == nil) }
}
