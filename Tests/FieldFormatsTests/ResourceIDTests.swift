import FieldFormats
import Testing

@Test func madeIDsAreResourceIDsAndOnlyEverGrow() {
  var previous = ""
  for _ in 0..<20_000 {
    let id = ResourceID.make()
    #expect(id > previous)
    previous = id
  }
  #expect(FieldFormat.resourceID.problem(in: previous) == nil)
  #expect(previous.utf8.count == ResourceID.length)
}

@Test func idsMadeAtOnceByManyTasksAreAllDifferent() async {
  let ids = await withTaskGroup(of: [String].self) { group in
    for _ in 0..<8 { group.addTask { (0..<2_000).map { _ in ResourceID.make() } } }
    return await group.reduce(into: Set<String>()) { $0.formUnion($1) }
  }
  #expect(ids.count == 16_000)
}

@Test func anIDSaysWhenItWasMade() throws {
  let first = try #require(ResourceID.milliseconds(of: ResourceID.make()))
  let second = try #require(ResourceID.milliseconds(of: ResourceID.make()))
  #expect(first <= second)
  #expect(first > 1_700_000_000_000)
  #expect(ResourceID.milliseconds(of: "acme-oy") == nil)
  #expect(ResourceID.milliseconds(of: String(repeating: "z", count: 26)) == nil)
}
