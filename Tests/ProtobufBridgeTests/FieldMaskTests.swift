import ProtobufBridge
import PunosMessages
import ShapeMessages
import Testing

@Suite struct FieldMasks {
  let whole = Whole.descriptor

  func mask(_ paths: String...) throws -> FieldMaskPaths {
    try FieldMaskPaths(paths, in: #require(whole))
  }

  let value = Whole.with {
    $0.scalars = Scalars.with {
      $0.aString = "a"
      $0.anInt32 = 1
    }
    $0.optionals = Optionals.with {
      $0.inner = Inner.with {
        $0.label = "in"
        $0.numbers = [1, 2]
      }
    }
    $0.maps = Maps.with { $0.texts = ["k": "v", "l": "w"] }
    $0.byName = [
      "x": Choices.with {
        $0.default = "d"
        $0.in = true
      }
    ]
  }

  @Test func aPathThatIsNotThereIsNamedWithItsMessage() throws {
    let problems = FieldMaskPaths.check(
      ["scalars.nosuch", "scalars.a_string.deeper", "", "scalars.a_string"], in: try #require(whole))
    #expect(
      problems.map { $0.description } == [
        "scalars.nosuch: there is no field “nosuch” in punos.shapes.v1.Scalars",
        "scalars.a_string.deeper: “deeper” goes into a field that is not a message in punos.shapes.v1.Whole",
        ": a path has 1 to 32 segments in punos.shapes.v1.Whole",
      ])
  }

  @Test func aReadShowsOnlyWhatWasAskedFor() throws {
    let pruned = try Whole(
      serialized: mask("scalars.a_string", "optionals.inner.label", "maps.texts.k", "byName.x.default")
        .prune(value.serialized()))
    #expect(
      pruned
        == Whole.with {
          $0.scalars = Scalars.with { $0.aString = "a" }
          $0.optionals = Optionals.with { $0.inner = Inner.with { $0.label = "in" } }
          $0.maps = Maps.with { $0.texts = ["k": "v"] }
          $0.byName = ["x": Choices.with { $0.default = "d" }]
        })
  }

  @Test func anUpdateChangesOnlyWhatTheMaskNames() throws {
    let patch = Whole.with {
      $0.scalars = Scalars.with {
        $0.aString = "new"
        $0.anInt32 = 99
      }
      $0.maps = Maps.with { $0.texts = ["k": "changed", "z": "not named"] }
    }
    let merged = try Whole(
      serialized: mask("scalars.a_string", "optionals.inner.numbers", "maps.texts.k")
        .merge(from: patch.serialized(), into: value.serialized()))
    var expected = value
    expected.scalars?.aString = "new"
    expected.optionals?.inner?.numbers = []
    expected.maps?.texts["k"] = "changed"
    #expect(merged == expected)
  }

  @Test func settingOneChoiceDropsTheOther() throws {
    let mask = try FieldMaskPaths(["number"], in: try #require(Choices.descriptor))
    let base = Choices.with {
      $0.content = .text("old")
      $0.default = "kept"
    }
    let patch = Choices.with { $0.content = .number(5) }
    let merged = try Choices(serialized: mask.merge(from: patch.serialized(), into: base.serialized()))
    #expect(
      merged
        == Choices.with {
          $0.content = .number(5)
          $0.default = "kept"
        })
    let cleared = try Choices(serialized: mask.merge(from: Choices().serialized(), into: base.serialized()))
    #expect(cleared == base)
  }

  @Test func unknownFieldsOfTheBaseSurviveAnUpdate() throws {
    var writer = WireWriter()
    writer.field(1, "old")
    writer.field(77, "future")
    let mask = try FieldMaskPaths(["label"], in: try #require(Inner.descriptor))
    let merged = try Inner(
      serialized: mask.merge(from: Inner.with { $0.label = "new" }.serialized(), into: writer.bytes))
    #expect(merged.label == "new")
    #expect(merged.unknownFields.bytes.count > 0)
  }

  @Test func anUpdateIntoAnElementOfAListIsRefused() throws {
    #expect(throws: DecodingError.self) {
      try mask("choices.default").merge(
        from: value.serialized(), into: Whole.with { $0.choices = [Choices()] }.serialized())
    }
  }

  @Test func theStarMeansEverything() throws {
    #expect(try mask("*").prune(value.serialized()) == value.serialized())
    #expect(try mask("*").merge(from: Whole().serialized(), into: value.serialized()).isEmpty)
  }
}

@Suite struct Differences {
  func between<M: Message>(_ a: M, _ b: M) throws -> [String] {
    try FieldDifferences.between(a.serialized(), b.serialized(), of: #require(M.descriptor), in: M.schema)
      .map { "\($0.path): \($0.before ?? "-") → \($0.after ?? "-")\($0.isPersonal ? " (personal)" : "")" }
  }

  @Test func eachFieldIsListedWithBeforeAndAfter() throws {
    let before = Ruled.with {
      $0.title = "old"
      $0.labels = ["a"]
      $0.entries = [
        .with {
          $0.system = "s"
          $0.id = "1"
        }, .with { $0.system = "t" },
      ]
      $0.attributes = ["k": "v"]
      $0.email = "a@example.com"
      $0.when = ProtoTimestamp.with { $0.seconds = 1 }
    }
    let after = Ruled.with {
      $0.title = "new"
      $0.labels = ["a", "b"]
      $0.entries = [
        .with {
          $0.system = "s"
          $0.id = "2"
        }, .with { $0.system = "u" }, .with { $0.system = "t" },
      ]
      $0.attributes = ["k": "v", "with.dot": "x"]
      $0.share = 0.5
      $0.person = .with { $0.phone = "+358401234567" }
    }
    #expect(
      try between(before, after) == [
        "title: old → new",
        "email: a@example.com → - (personal)",
        "share: - → 0.5",
        #"labels: ["a"] → ["a","b"]"#,
        "entries[0].id: 1 → 2",
        #"entries[1]: - → {"system":"u"}"#,
        "attributes.`with.dot`: - → x",
        "when: 1970-01-01T00:00:01Z → -",
        "person.phone: - → +358401234567 (personal)",
      ])
  }

  @Test func equalValuesDifferInNothing() throws {
    #expect(try between(Ruled.with { $0.title = "x" }, Ruled.with { $0.title = "x" }).isEmpty)
  }

  @Test func anEmptyMessageThatAppearsIsADifference() throws {
    #expect(try between(Optionals(), Optionals.with { $0.inner = Inner() }) == ["inner: - → {}"])
    #expect(try between(Optionals(), Optionals.with { $0.anInt32 = 0 }) == ["an_int32: - → 0"])
  }
}

@Suite struct Paths {
  @Test func pathsThatShareAListGiveARowForEachElement() throws {
    let paths = try CompiledPaths(["entries.system", "entries.id"], in: try #require(Ruled.descriptor))
    let value = Ruled.with {
      $0.entries = [
        .with {
          $0.system = "s"
          $0.id = "1"
        }, .with { $0.system = "t" },
      ]
    }
    #expect(
      paths.rows(in: value.serialized()) == [
        [.text("s"), .text("1")], [.text("t"), .text("")],
      ])
    #expect(paths.rows(in: Ruled().serialized()).isEmpty)
  }

  @Test func valuesComeInTheirOwnKind() throws {
    let value = Whole.with {
      $0.scalars = Scalars.with {
        $0.aSint64 = -5
        $0.aFloat = 1.5
        $0.tone = .below
        $0.aFixed32 = 7
      }
      $0.repeats = Repeats.with {
        $0.sint32s = [-1, 2]
        $0.strings = ["a", "b"]
      }
      $0.maps = Maps.with { $0.texts = ["k": "v"] }
      $0.wellKnowns = WellKnowns.with {
        $0.time = ProtoTimestamp.with {
          $0.seconds = 3
          $0.nanos = 4
        }
      }
    }
    let bytes = value.serialized()
    func values(_ path: String) throws -> [PathValue] {
      try CompiledPath(path, in: try #require(Whole.descriptor)).values(in: bytes)
    }
    #expect(try values("scalars.a_sint64") == [.int(-5)])
    #expect(try values("scalars.a_float") == [.double(1.5)])
    #expect(try values("scalars.tone") == [.enumeration(-3)])
    #expect(try values("scalars.a_fixed32") == [.uint(7)])
    #expect(try values("scalars.a_bool") == [.bool(false)])
    #expect(try values("repeats.sint32s") == [.int(-1), .int(2)])
    #expect(try values("repeats.strings") == [.text("a"), .text("b")])
    #expect(try values("maps.texts.k") == [.text("v")])
    #expect(try values("maps.texts.nosuch") == [])
    #expect(try values("well_knowns.time") == [.time(seconds: 3, nanos: 4)])
    #expect(try values("optionals.an_int32") == [])
  }
}
