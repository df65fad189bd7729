import Foundation
import PunosMessages
import Testing

@testable import Domain

/// What can be told apart and read on a map.
@Suite struct MapMarkTests {
  private struct Area {
    var left, top, right, bottom: Double

    func overlaps(_ other: Area) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }

    func contains(_ other: Area) -> Bool {
      left <= other.left && other.right <= right && top <= other.top && other.bottom <= bottom
    }
  }

  private static let stances = CommitteeMember.Stance.allCases

  /// A mark's outline, without its colour.
  private static func shape(_ stance: CommitteeMember.Stance) -> String {
    MapMarks.mark(stance, 0, 0).split(separator: MapMarks.colour(stance)).joined(separator: "colour")
  }

  @Test func eachStanceHasAColourAShapeAndASignOfItsOwn() {
    #expect(Set(Self.stances.map(MapMarks.colour)).count == Self.stances.count)
    #expect(Set(Self.stances.map(Self.shape)).count == Self.stances.count)
    #expect(Set(Self.stances.map(MapMarks.sign)).count == Self.stances.count)
    for stance in Self.stances { #expect(MapMarks.mark(stance, 0, 0).contains(MapMarks.colour(stance))) }
  }

  @Test func everybodyOnThePictureIsMarkedByColourAndShape() throws {
    let map = MapTests.map(of: 60)
    let picture = MapPicture(map)
    let drawn = picture.svg()
    for person in map.people {
      let place = try #require(picture.place(of: person.name))
      let box = MapLayout.Size.box
      #expect(drawn.contains(MapMarks.mark(person.stance, place.x - box.width / 2 + 18, place.y)))
    }
    #expect(Set(map.people.map(\.stance)).count == Self.stances.count, "the map shows every stance")
  }

  private static func value(_ name: String, _ element: Substring) -> Double? {
    guard let start = element.range(of: " \(name)=\"")?.upperBound else { return nil }
    return Double(element[start...].prefix { $0 != "\"" })
  }

  private static func areas(_ element: String, in drawn: String, _ area: (Substring, String) -> Area?)
    -> [Area]
  {
    drawn.split(separator: "<\(element) ").dropFirst().compactMap { part in
      let inside = part.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" }
      return area(" " + part.prefix { $0 != ">" }, String(inside))
    }
  }

  private static func labels(_ drawn: String) -> [Area] {
    areas("text", in: drawn) { element, escaped in
      guard let x = value("x", element), let y = value("y", element), let size = value("font-size", element)
      else { return nil }
      // An escaped character is one, and none is wider than "m".
      let text = escaped.replacing("&#39;", with: "'").replacing("&amp;", with: "m").replacing(
        "&lt;", with: "m"
      )
      .replacing("&gt;", with: "m")
      let width = SVGText.width(text, size: size)
      let left = element.contains("text-anchor=\"middle\"") ? x - width / 2 : x
      return Area(left: left, top: y - 0.8 * size, right: left + width, bottom: y + 0.2 * size)
    }
  }

  private static func boxes(_ drawn: String) -> [Area] {
    areas("rect", in: drawn) { element, _ in
      guard element.contains(" rx=\"7\""), let x = value("x", element), let y = value("y", element),
        let width = value("width", element), let height = value("height", element)
      else { return nil }
      return Area(left: x, top: y, right: x + width, bottom: y + height)
    }
  }

  @Test(arguments: ["en", "fi"]) func noBoxOrLabelOfSixtyPeopleLiesOnAnother(_ language: String) {
    let drawn = MapPicture(MapTests.map(of: 60), language: language).svg()
    let boxes = Self.boxes(drawn)
    let labels = Self.labels(drawn)
    #expect(boxes.count == 60 && labels.count > 120)
    for (index, box) in boxes.enumerated() {
      #expect(!boxes[..<index].contains { $0.overlaps(box) }, "box \(index)")
    }
    for (index, label) in labels.enumerated() {
      #expect(!labels[..<index].contains { $0.overlaps(label) }, "label \(index): \(label)")
      // A label is in one box whole, or outside all of them.
      #expect(boxes.allSatisfy { $0.contains(label) || !$0.overlaps(label) }, "label \(index): \(label)")
    }
  }
}
