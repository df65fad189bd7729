internal import ArgumentParser
internal import PunosAPI
internal import PunosMessages
internal import Terminal

extension EndCustomerSegment: NamedRecord {}

/// Segments of the customers' own customers on the command line.
enum EndCustomerSegmentNoun: CLINoun {
  typealias Client = EndCustomerSegmentServiceClient
  typealias Record = EndCustomerSegment

  static let command = "segment"
  static let one = Term(en: "end-customer segment", fi: "asiakkaan asiakassegmentti")
  static let many = Term(en: "end-customer segments", fi: "asiakkaan asiakassegmentit")
  static let abstract = Term(
    en: "Whom customers serve: what those expect, what they get, where they are heading.",
    fi: "Ketä asiakkaat palvelevat: mitä nämä odottavat, mitä saavat ja mihin ovat menossa.")

  static let columns: [NounColumn<EndCustomerSegment>] = [
    NounColumn(.init("title", en: "Segment", fi: "Segmentti", minimum: 24)) { record, _ in record.title },
    NounColumn(.init("trend", en: "Heading", fi: "Suunta")) { record, writing in record.trend.title(writing.language) },
    NounColumn(.init("share", en: "Share", fi: "Osuus", isNumber: true)) { record, writing in
      record.share.map { writing.format.percent($0) } ?? ""
    },
    NounColumn(.init("expectations", en: "Expects", fi: "Odottaa", expendability: 1, minimum: 20)) { record, _ in
      record.expectations.last?.text ?? ""
    },
    NounColumn(.init("experiences", en: "Gets", fi: "Saa", expendability: 2, minimum: 20)) { record, _ in
      record.experiences.last?.text ?? ""
    },
  ]

  static func title(_ record: EndCustomerSegment) -> String { record.title }
  static func externalIDs(_ record: EndCustomerSegment) -> [ExternalId] { record.externalIds }
  static func shown(in view: AccountView) -> [EndCustomerSegment] { view.endCustomerSegments }
}

struct EndCustomerSegmentCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration { RecordCommands<EndCustomerSegmentNoun>.configuration() }
}
