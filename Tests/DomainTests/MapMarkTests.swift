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

  /// What an escaped text shows.
  private static func plain(_ escaped: String) -> String {
    escaped.replacing("&#39;", with: "'").replacing("&quot;", with: "\"").replacing("&lt;", with: "<")
      .replacing("&gt;", with: ">").replacing("&amp;", with: "&")
  }

  private static func labels(_ drawn: String) -> [Area] {
    areas("text", in: drawn) { element, escaped in
      guard let x = value("x", element), let y = value("y", element), let size = value("font-size", element)
      else { return nil }
      let width = SVGText.width(plain(escaped), size: size)
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

  /// Points along every curve of a picture.
  private static func pointsOfCurves(_ drawn: String) -> [(x: Double, y: Double)] {
    let curve = #/d="M([-\d.]+) ([-\d.]+)Q([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"/#
    return drawn.matches(of: curve).flatMap { match -> [(x: Double, y: Double)] in
      let numbers = [match.1, match.2, match.3, match.4, match.5, match.6].compactMap { Double($0) }
      guard numbers.count == 6 else { return [] }
      return (0...60).map { step in
        let t = Double(step) / 60
        let u = 1 - t
        return (
          u * u * numbers[0] + 2 * u * t * numbers[2] + t * t * numbers[4],
          u * u * numbers[1] + 2 * u * t * numbers[3] + t * t * numbers[5]
        )
      }
    }
  }

  /// Boxes are drawn over the curves; what stands outside them is not.
  @Test(arguments: ["en", "fi"]) func noCurveOfSixtyPeopleRunsThroughALabelOutsideTheBoxes(_ language: String)
  {
    let drawn = MapPicture(MapTests.map(of: 60), language: language).svg()
    let boxes = Self.boxes(drawn)
    let outside = Self.labels(drawn).filter { label in !boxes.contains { $0.contains(label) } }
    let points = Self.pointsOfCurves(drawn)
    #expect(outside.count > 15 && points.count > 600)
    for label in outside {
      let isCrossed = points.contains {
        label.left < $0.x && $0.x < label.right && label.top < $0.y && $0.y < label.bottom
      }
      #expect(!isCrossed, "\(label)")
    }
  }

  @Test func theTitleLeavesRoomForHowManyAreLeftOut() {
    let people = (0..<210).map { PeopleMap.Person(name: "contacts/\($0)", displayName: "P\($0)") }
    let title = String(repeating: "Kuura Konepaja Mekaaninen ", count: 12)
    let map = PeopleMap(title: title, people: people, ours: [], ties: [])
    let labels = Self.labels(MapPicture(map).svg())
    for (index, label) in labels.enumerated() {
      #expect(!labels[..<index].contains { $0.overlaps(label) }, "label \(index): \(label)")
    }
  }

  /// As DejaVu Sans has them, in its plain face.
  @Test(arguments: [
    ("Щука Жданова", 8.07), ("Маша Шишкина", 8.48), ("Åke Öljy-Wäinö", 7.62), ("王小明", 3.0),
    ("Ελένη Παπαδοπούλου", 10.75), ("mmmmmmmmmm", 9.74), ("%%%%", 3.8), ("##++", 3.35),
  ]) func textOfAnyScriptIsMeasuredOnTheWideSide(_ text: String, drawn: Double) {
    let width = SVGText.width(text, size: 1)
    #expect(width >= drawn && width <= drawn * 1.4, "\(width)")
  }

  @Test func aJoinedEmojiIsAsWideAsThoseItIsMadeOfAndIsNeverCutInTwo() {
    let family = "👩‍👩‍👧‍👦"
    #expect(SVGText.width(family, size: 1) >= 4)
    let cut = SVGText.fitted(String(repeating: family, count: 5), 30, size: 2)
    #expect(cut.filter { $0 != "…" }.allSatisfy { String($0) == family } && cut.hasSuffix("…"))
    #expect(SVGText.width(cut, size: 2) <= 30)
  }
}
