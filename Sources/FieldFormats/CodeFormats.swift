/// Countries by ISO 3166-1.
enum CountryFormat {
  /// The 249 codes of ISO 3166-1, and XK, which the standard leaves to its users and the EU uses for Kosovo.
  static let codes =
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ \
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO \
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE \
    JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO \
    MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW \
    PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM \
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """
  private static let known = LetterCodes(codes)

  static func problem(in bytes: Span<UInt8>) -> String? {
    guard bytes.count == 2 else { return "a country code of two capitals (ISO 3166-1), such as FI" }
    return known.contains(bytes) ? nil : "a country code that ISO 3166-1 knows, in capitals, such as FI"
  }

  /// Whether two bytes are a country's code; used where a code is part of something longer.
  static func isCode(_ bytes: Span<UInt8>) -> Bool { bytes.count == 2 && known.contains(bytes) }
}

/// Currencies by ISO 4217.
enum CurrencyFormat {
  /// Every code of ISO 4217's list one.
  static let codes =
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF \
    CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD \
    HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD \
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN \
    PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD \
    TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD \
    XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG
    """
  /// Codes withdrawn since 2009: the revenue of those years is still told in them.
  static let withdrawn = "ANG BGN BYR CUC EEK HRK LTL LVL MRO SLL STD VEF ZMK ZWL"
  private static let known = LetterCodes(codes + " " + withdrawn)

  static func problem(in bytes: Span<UInt8>) -> String? {
    guard bytes.count == 3 else { return "a currency code of three capitals (ISO 4217), such as EUR" }
    return known.contains(bytes) ? nil : "a currency code that ISO 4217 knows, in capitals, such as EUR"
  }
}

/// A set of codes of two or three capitals, one bit a code: looked up in every write, so without hashing.
private struct LetterCodes: Sendable {
  private var bits: [UInt64]

  init(_ codes: String) {
    bits = [UInt64](repeating: 0, count: (26 * 26 * 26 + 63) / 64)
    for code in codes.split(separator: " ") {
      guard let position = Self.position(code.utf8.span) else { continue }
      bits[position >> 6] |= 1 << UInt64(position & 63)
    }
  }

  func contains(_ bytes: Span<UInt8>) -> Bool {
    guard let position = Self.position(bytes) else { return false }
    return bits[position >> 6] & (1 << UInt64(position & 63)) != 0
  }

  /// A number below 26³ for two or three capitals; nil for anything else. A set holds codes of one length only.
  private static func position(_ bytes: Span<UInt8>) -> Int? {
    guard bytes.count == 2 || bytes.count == 3 else { return nil }
    var position = 0
    for index in bytes.indices {
      guard ASCIIText.isUpper(bytes[index]) else { return nil }
      position = position * 26 + Int(bytes[index] &- 0x41)
    }
    return position
  }
}
