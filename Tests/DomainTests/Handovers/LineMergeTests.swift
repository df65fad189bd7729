import Domain
import Testing

@Suite struct LineMerging {
  static func merged(_ base: [String], _ yours: [String], _ theirs: [String]) -> [String]? {
    LineMerge.text(LineMerge.merge(base: base, yours: yours, theirs: theirs))
  }

  @Test func whatOnlyOneSideChangedIsTaken() {
    #expect(Self.merged(["a", "b"], ["a", "B"], ["a", "b"]) == ["a", "B"])
    #expect(Self.merged(["a", "b"], ["a", "b"], ["b"]) == ["b"])
  }

  @Test func changesNextToEachOtherAreNoConflict() {
    #expect(Self.merged(["a", "b"], ["A", "b"], ["a", "B"]) == ["A", "B"])
    #expect(Self.merged(["a", "b", "c"], ["a", "x", "b", "c"], ["A", "b", "c"]) == ["A", "x", "b", "c"])
  }

  @Test func linesPutInAtTheSamePlaceBothStayTheServersFirst() {
    #expect(Self.merged(["a"], ["a", "mine"], ["a", "theirs"]) == ["a", "theirs", "mine"])
    #expect(Self.merged([], ["same", "mine"], ["theirs", "same"]) == ["theirs", "same", "mine"])
  }

  @Test func theSameLinesChangedDifferentlyStandBesideEachOther() {
    #expect(
      LineMerge.merge(base: ["a", "b", "c"], yours: ["a", "B1", "c"], theirs: ["a", "B2", "c"])
        == [.agreed(["a"]), .differs(base: ["b"], yours: ["B1"], theirs: ["B2"]), .agreed(["c"])])
  }

  @Test func aLineDeletedOnOneSideAndEditedOnTheOtherStaysAsItWasEdited() {
    #expect(Self.merged(["a", "b"], ["a"], ["a", "B"]) == ["a", "B"])
    #expect(Self.merged(["a", "b"], ["a", "B"], ["a"]) == ["a", "B"])
  }

  @Test func textsTooLargeToCompareLineByLineAreStillBroughtTogether() {
    let base = (0..<3000).map { "line \($0)" }
    let yours = base.map { $0 + " mine" }
    #expect(Self.merged(base, yours, base) == yours)
    #expect(Self.merged(base, yours, base.map { $0 + " theirs" }) == nil)
  }

  /// Random texts of few different lines, so that they meet often.
  static func texts(_ random: inout SeededGenerator) -> (base: [String], yours: [String], theirs: [String]) {
    func text(from base: [String], _ random: inout SeededGenerator) -> [String] {
      var lines = base
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        let place = Int.random(in: 0...lines.count, using: &random)
        if Bool.random(using: &random) || place == lines.count {
          lines.insert(["", "a", "b", "c", "d", "e"].randomElement(using: &random) ?? "", at: place)
        } else {
          lines.remove(at: place)
        }
      }
      return lines
    }
    let base = text(from: ["a", "b", "", "c"], &random)
    return (base, text(from: base, &random), text(from: base, &random))
  }

  @Test func randomMergesKeepTheirPromises() {
    for seed in UInt64(1)...20_000 {
      var random = SeededGenerator(seed: seed)
      let (base, yours, theirs) = Self.texts(&random)
      #expect(Self.merged(base, yours, base) == yours, "seed \(seed)")
      #expect(Self.merged(base, base, theirs) == theirs, "seed \(seed)")
      #expect(Self.merged(base, yours, yours) == yours, "seed \(seed)")
      let pieces = LineMerge.merge(base: base, yours: yours, theirs: theirs)
      let told = pieces.flatMap { piece in
        switch piece {
        case .agreed(let lines): lines
        case .differs(_, let yours, let theirs): yours + theirs
        }
      }
      // A line that one side put in, so that there are more of it than there were, is somewhere in the outcome.
      for line in Set(yours + theirs) where !line.isEmpty && !base.contains(line) {
        #expect(told.contains(line), "seed \(seed): \(line) is lost")
      }
    }
  }
}
